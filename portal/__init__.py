"""Web pages and HTTP API: a client of the services that owns no truth."""
