"""Bounding what the database is waited for."""

from contextlib import AbstractContextManager, nullcontext
from typing import cast

from psycopg2.extensions import get_wait_callback


def patience(seconds: float) -> AbstractContextManager[object]:
    """Bounds a block in green mode, where libpq's own limits are not heeded.

    :raises TimeoutError: within the block, when the time is over.
    """
    if get_wait_callback() is None:
        return nullcontext()
    from eventlet import Timeout  # noqa: PLC0415 - only where eventlet runs anyway

    return cast("AbstractContextManager[object]", Timeout(seconds, TimeoutError("the database does not answer")))
