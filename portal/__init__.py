"""The web: a client of the services. Owns no truth and no rule; what it forbids, the services forbid again."""
