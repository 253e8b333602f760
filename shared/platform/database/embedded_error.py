"""What is said of an embedded server that does not do as it is told."""


class EmbeddedPostgresError(RuntimeError):
    """The server could not be made, started or stopped; says where its log lies, or what to do."""
