"""Where domain, store and messaging meet."""
