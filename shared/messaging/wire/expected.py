"""Expected errors are no news: nameko warns of each with its whole trace, which we turn down to a line for DEBUG.

Expected are the answers that a caller is meant to get (403, 404, 409, 422; the portal logs them with the request), and
failures of parts that are away for a while (whoever waits for them logs the beginning and the end).
"""

import logging

from shared.base.errors import AduanError
from shared.messaging.wire.failures import TRANSIENT

_LOGGER = logging.getLogger("nameko.containers")


class Expected(logging.Filter):
    """Lowers the level of what nameko logs of expected errors."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Lower it, and say whether that is still to be logged."""
        error = record.exc_info[1] if record.exc_info else None
        if str(record.msg).startswith("(expected)") and isinstance(error, (AduanError, *TRANSIENT)):
            record.levelno, record.levelname, record.exc_info = logging.DEBUG, "DEBUG", None
        return record.levelno >= _LOGGER.getEffectiveLevel()


def quiet() -> None:
    """Lower it in this process. Calling it again changes nothing."""
    if not any(isinstance(each, Expected) for each in _LOGGER.filters):
        _LOGGER.addFilter(Expected())
