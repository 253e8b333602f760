"""The `aduan` command."""
