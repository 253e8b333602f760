"""Services that call each other."""
