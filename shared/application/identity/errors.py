"""Why somebody is not let in. Told at the edge only; never sent over RPC."""

from shared.base.errors import AduanError


class Unauthenticated(AduanError):
    """Nobody that we know: no token, a bad one, or a wrong name or password."""

    status = 401


class TooManyAttempts(AduanError):
    """Too many log-ins failed; ``params["seconds"]`` says how long to wait."""

    status = 429
