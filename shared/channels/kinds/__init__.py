"""The kinds of channels: one module each, found by entry points of the group ``aduan.channels``."""
