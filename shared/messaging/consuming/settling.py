"""How a batch of messages is brought to an end: what fails is found, tried again by itself, and given up at last.

Knows neither broker nor nameko: it is given something to attempt, a clock and a way to wait.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from shared.base.errors import Unworkable
from shared.messaging.consuming.outcomes import Failed, Outcome, PutAside
from shared.messaging.wire.backoff import Retries
from shared.messaging.wire.failures import describe, is_transient

T = TypeVar("T")
Settled = list[tuple[T, Outcome]]

MOST_AWAY_SECONDS: Final = 3.0
"""The longest wait before what was away is asked again: all are to go on soon after it is back."""


class GivenBack(Exception):
    """The messages were not settled, since we stop; the broker will deliver them again."""


@dataclass
class _Parked(Generic[T]):
    item: T
    tried: int
    due: float


class Settling(Generic[T]):
    """Settles messages for one consumer.

    A batch that fails is halved until the failing messages stand alone; the others are done at once. A failing message
    is parked and tried again when due, while later batches go on. An error that says nothing about the message (see
    :func:`~shared.messaging.wire.failures.is_transient`) makes the whole batch wait and try again, without limit.

    :param attempt: does what is to be done with these messages and says what became of each, in their order; or raises
        and has done nothing.
    :param retries: how often and when.
    :param now: seconds on a clock that never goes back.
    :param pause: waits for so many seconds; true if we are to stop.
    :param on_transient: told of each transient error, and of None when it is over.
    :param on_retry: told of each further try.
    """

    def __init__(
        self,
        attempt: Callable[[list[T]], Sequence[Outcome]],
        *,
        retries: Retries,
        now: Callable[[], float],
        pause: Callable[[float], bool],
        on_transient: Callable[[Exception | None], None] = lambda _: None,
        on_retry: Callable[[], None] = lambda: None,
    ) -> None:
        self._attempt = attempt
        self._retries = retries
        self._now = now
        self._pause = pause
        self._on_transient = on_transient
        self._on_retry = on_retry
        self._parked: list[_Parked[T]] = []

    @property
    def parked(self) -> int:
        """How many messages wait for their next try."""
        return len(self._parked)

    def next_due_seconds(self) -> float | None:
        """Seconds until a parked message is due, 0 if one is; None if there is none."""
        if not self._parked:
            return None
        return max(0.0, min(each.due for each in self._parked) - self._now())

    def settle(self, items: list[T]) -> Iterator[Settled[T]]:
        """Try new messages; what fails alone is parked.

        :returns: what is settled, as soon as it is.
        :raises GivenBack: if we are to stop while waiting.
        """
        stack = [items] if items else []
        while stack:
            group = stack.pop()
            result = self._try(group)
            if not isinstance(result, Exception):
                yield list(zip(group, result, strict=True))
            elif len(group) > 1:
                middle = len(group) // 2
                stack += [group[middle:], group[:middle]]
            else:
                yield from self._failed(group[0], 0, result)

    def settle_due(self) -> Iterator[Settled[T]]:
        """Try again the parked messages whose time has come; as :meth:`settle`."""
        now = self._now()
        due = [each for each in self._parked if each.due <= now]
        self._parked = [each for each in self._parked if each.due > now]
        for each in due:
            self._on_retry()
            result = self._try([each.item])
            if isinstance(result, Exception):
                yield from self._failed(each.item, each.tried + 1, result)
            else:
                yield [(each.item, result[0])]

    def _failed(self, item: T, tried: int, error: Exception) -> Iterator[Settled[T]]:
        if tried >= self._retries.times:
            yield [(item, _given_up(error))]
        else:
            self._parked.append(_Parked(item, tried, self._now() + self._retries.wait_seconds(tried)))

    def _try(self, group: list[T]) -> Sequence[Outcome] | Exception:
        waited = 0
        while True:
            try:
                outcomes = _checked(self._attempt(group), len(group))
            except GivenBack:
                raise
            except Exception as error:
                # Whatever it is: it must not stop the others.
                if not is_transient(error):
                    return error
                self._on_transient(error)
                if self._pause(min(MOST_AWAY_SECONDS, self._retries.wait_seconds(waited))):
                    raise GivenBack from error
                waited += 1
            else:
                self._on_transient(None)
                return outcomes


def _given_up(error: Exception) -> Outcome:
    """What becomes of a message that failed to the last: however many of one government do, no other's are stopped."""
    if isinstance(error, Unworkable):
        return PutAside(error.code, _causes(error), reply={"error": {"code": error.code, "params": error.params}})
    return Failed("failed", describe(error))


def _causes(error: Unworkable) -> dict[str, list[str]]:
    return {name: [str(value)] for name, value in error.params.items()}


def _checked(outcomes: Sequence[Outcome], count: int) -> Sequence[Outcome]:
    if len(outcomes) != count:
        raise TypeError(f"{len(outcomes)} outcomes for {count} messages")
    return outcomes
