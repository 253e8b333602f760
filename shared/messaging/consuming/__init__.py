"""Taking messages in batches, each settled exactly once."""
