"""The dossiers in the event store."""
