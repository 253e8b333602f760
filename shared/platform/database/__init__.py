"""PostgreSQL: the pool of connections, where it is, and the server that comes with us."""
