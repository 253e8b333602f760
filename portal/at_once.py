"""Questions to several databases and brokers, asked at the same time: a silent one costs no more than the bound."""

from collections.abc import Callable, Sequence
from contextvars import copy_context
from typing import Any, Final, TypeVar

import eventlet

T = TypeVar("T")

_MOST: Final = 40
"""Asked at the same time; a further one as soon as one of these is answered."""


def at_once(questions: Sequence[Callable[[], T]], seconds: float) -> list[T | None]:
    """The answers, in the order of the questions; none where there was none in time, and nobody waits for it then.

    Each is asked within the request of whoever asks, so that it knows the caller and the language.

    :param seconds: for all of them together.
    :raises Exception: what a question raises, of several that of the first.
    """
    pool: Any = eventlet.GreenPool(_MOST)
    asked: list[Any] = []
    try:
        with eventlet.Timeout(seconds, exception=False):
            for each in questions:
                asked.append(pool.spawn(copy_context().run, each))  # noqa: PERF401 - those that began are ended below
            pool.waitall()
        return [each.wait() if each.dead else None for each in asked] + [None] * (len(questions) - len(asked))
    finally:
        for each in asked:
            each.kill()
