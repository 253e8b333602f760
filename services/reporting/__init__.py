"""Reporting: the monthly recap."""
