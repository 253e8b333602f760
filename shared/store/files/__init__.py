"""Sealed contents outside the database: a folder, or an object store. Knows no complaint and no key."""
