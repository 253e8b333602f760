"""What ``PERSISTENCE_MODULE`` names for the `eventsourcing` library: it looks here for exactly one factory class."""

from shared.store.eventstore.factory import LogFactory as Factory

__all__ = ["Factory"]
