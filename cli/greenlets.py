"""What fails in a greenlet is logged like everything else. eventlet would print it, and its text may quote somebody."""

import logging
import sys
from types import TracebackType
from typing import Any

import eventlet.queue
from eventlet import hubs

from shared.platform.settings import SettingsError
from shared.wording.yaml_lines import FileError

log = logging.getLogger(__name__)

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]
_TOLD = (SettingsError, FileError)  # whoever waits for the greenlet tells the user


def log_failures() -> None:
    """From now on, in this process."""
    hub = hubs.get_hub()

    def timer_failed(_timer: Any, error: ExcInfo) -> None:
        _log(error)

    def descriptor_failed(descriptor: int, error: ExcInfo) -> None:
        _log(error)
        hub.remove_descriptor(descriptor)

    def close_one() -> None:
        """Tell somebody that another has closed the socket that is waited on.

        Left to itself the hub dies with whoever dies of that, and the process with the hub.
        """
        try:
            type(hub).close_one(hub)
        except hub.SYSTEM_EXCEPTIONS:
            raise
        except Exception:  # noqa: BLE001 - whatever it is, it is that greenlet's
            _log(sys.exc_info())  # type: ignore[arg-type]

    hub.close_one = close_one
    hub.squelch_timer_exception = timer_failed
    hub.squelch_generic_exception = _log
    hub.squelch_exception = descriptor_failed
    eventlet.queue.traceback = _Tracebacks  # its queues print without asking the hub


class _Tracebacks:
    """Stands in for the standard library's module of that name."""

    @staticmethod
    def print_exc() -> None:
        """Log what is being handled."""
        _log(sys.exc_info())  # type: ignore[arg-type]


def _log(error: ExcInfo) -> None:
    if not isinstance(error[1], _TOLD):
        log.error("a greenlet failed", exc_info=error)
