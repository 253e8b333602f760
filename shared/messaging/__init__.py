"""How the log reaches the services and how the services call each other: the only room, with the services' own edges,
that knows nameko and kombu.

The broker carries copies of what the event store holds. It may deliver them late, twice or out of order, and may lose
them all: nothing here depends on its doing better.
"""
