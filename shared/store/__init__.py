"""The event store, the tables made from it, and the keys. Knows no complaint."""
