"""What can be said of an SOP without running it."""
