"""Tables for people: one table, written for a spreadsheet or for paper."""
