"""What is said when no checkpoint can be made."""

from shared.base.errors import AduanError


class LogChanged(AduanError):
    """The log is not what the last checkpoint says, or not what its own hashes say: nothing was signed."""

    status = 503
