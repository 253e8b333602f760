"""Recaps and registers on paper and in tables."""
