"""Intake: receives complaints from every channel, and what their reporters do afterwards."""
