"""Notify: tells reporters and officers, and records what reached them."""
