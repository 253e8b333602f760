"""Routing: what officers decide (dispose, return, forward, answer, ...) and the inboxes they work from."""
