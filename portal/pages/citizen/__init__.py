"""The pages of who complains."""
