"""The log on its way to the broker."""
