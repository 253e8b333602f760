"""What ``aduan doctor`` looks at: an installation from its keys to its lag, changing nothing."""
