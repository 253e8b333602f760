"""A month's recap as people read it: as text, and as rows for a spreadsheet."""
