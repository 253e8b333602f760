"""Pages of citizens' own accounts."""
