"""Pages for everybody: the procedure, the figures, what becomes of one's data."""
