"""Errors that only the web knows."""

from shared.base.errors import AduanError


class Unreadable(AduanError):
    """The request is not what it says it is."""

    status = 400


class WrongKind(AduanError):
    """The body is of a kind that is not read here."""

    status = 415
