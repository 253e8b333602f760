"""A government's written procedure as data, and the one interpreter that runs every such procedure."""
