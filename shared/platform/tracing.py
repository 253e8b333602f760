"""Traces: what became of a request, from the web to the letter, across processes. Off unless ``ADUAN_TRACES_URL`` says
where to.

Spans go to an OpenTelemetry collector (OTLP over HTTP). A trace is known by the id that a request has anyway, the
correlation id, which stands in its log lines and in every event that it causes: so an event continues its trace also in
a process that reads it from the log years later, and no field had to be added to it. Between processes W3C's
``traceparent`` travels in the headers of messages and calls.

A stranger's ``traceparent`` is not believed: its 32 digits could be anybody's number (see
:mod:`shared.base.correlation`). Who sends a UUID as the request's id finds the trace under it.

Nothing personal is in a span: names and attributes are those of routes, methods, services and types of events; of an
error only its class is told.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from itertools import count
from typing import Any, Final, Literal, Protocol
from uuid import UUID

from shared.base.randomness import SystemRandomness

TRACEPARENT: Final = "traceparent"
"""The header's name (W3C Trace Context)."""

Kind = Literal["server", "client", "consumer", "producer", "internal"]

_EVENT: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}:\d{1,9}")
_HEADER: Final = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-0[01]")


@dataclass(frozen=True)
class SpanPlace:
    """A span's place: what its children name as their parent.

    :param trace: 128 bits, not 0.
    :param span: 64 bits, not 0.
    """

    trace: int
    span: int

    def __str__(self) -> str:
        return f"00-{self.trace:032x}-{self.span:016x}-01"


class Recorder(Protocol):
    """What takes spans: OpenTelemetry's, where it is installed and wanted."""

    def start(self, name: str, kind: Kind, own: SpanPlace, parent: SpanPlace | None, attributes: dict[str, Any]) -> Any:
        """A span that begins now."""


_NOTHING: Final[AbstractContextManager[None]] = nullcontext()
_recorder: Recorder | None = None
_current: ContextVar[tuple[SpanPlace, Any] | None] = ContextVar("aduan span", default=None)


def record_with(recorder: Recorder | None) -> None:
    """Record spans from now on; none any more without one."""
    global _recorder  # noqa: PLW0603 - one for the process, as there is one registry of figures
    _recorder = recorder


def on() -> bool:
    """Whether spans are recorded in this process."""
    return _recorder is not None


def request(name: str, correlation_id: str, kind: Kind = "server") -> AbstractContextManager[None]:
    """The first span of what belongs together.

    :param name: of a route or a queue, never an address.
    :param correlation_id: by which it is known; the span's place follows from it. Who sends one id with several
        requests has the others below the first.
    """
    if _recorder is None:
        return _NOTHING
    root = _root(correlation_id)
    if _begun_before(root):
        return _recording(name, kind, SpanPlace(root.trace, _some(name, root)), root)
    return _recording(name, kind, root, None)


def span(name: str, kind: Kind, parent: str | None = None) -> AbstractContextManager[None]:
    """A span within the one that is open here, or within that of another process. Nothing where there is neither.

    :param parent: a ``traceparent``; what is none, is none.
    """
    if _recorder is None:
        return _NOTHING
    above = mark_of(parent) or _here()
    if above is None:
        return _NOTHING
    return _recording(name, kind, SpanPlace(above.trace, _some(name, above)), above)


def root_of(correlation_id: str) -> str:
    """The ``traceparent`` of what began with a request, wherever it goes on; see :func:`request`."""
    return str(_root(correlation_id))


def carried() -> str | None:
    """The ``traceparent`` that a message or call takes along; none if no span is open."""
    here = _here() if _recorder is not None else None
    return None if here is None else str(here)


@contextmanager
def consuming(name: str, parents: Iterable[object]) -> Iterator[None]:
    """A span for each of some messages that are worked on together, each within the trace that it came with.

    :param parents: their ``traceparent``s; what is none has no span.
    """
    marks = [mark for mark in map(mark_of, parents) if mark is not None] if _recorder is not None else []
    opened = [
        _recorder.start(name, "consumer", SpanPlace(each.trace, _some(name, each)), each, {})
        for each in marks
        if _recorder
    ]
    try:
        yield
    finally:
        for each in opened:
            each.end()


def named(name: str, attributes: Mapping[str, str | int]) -> None:
    """Name the open span, once it is known what it is.

    :param attributes: by the names of OpenTelemetry's conventions; nothing that is a person's.
    """
    opened = _current.get() if _recorder is not None else None
    if opened is not None:
        opened[1].update_name(name)
        for key, value in attributes.items():
            opened[1].set_attribute(key, value)


def event(type_: str, tenant: str, event_id: str, correlation_id: str, causation_id: str | None) -> None:
    """The span of an event that was appended: a point, under the span that is open here, or what caused it.

    :param event_id: ``<dossier>:<version>``; the span's place follows from it, and does not tell it.
    :param causation_id: that of the event that caused it, if one did.
    """
    if _recorder is None:
        return
    own, here = mark_of_event(event_id, correlation_id), _here()
    if here is not None and here.trace == own.trace:
        parent: SpanPlace | None = here
    elif causation_id is not None and _EVENT.fullmatch(causation_id):
        parent = mark_of_event(causation_id, correlation_id)
    else:
        parent = _root(correlation_id) if _is_request(correlation_id) else None
    _recorder.start(type_, "internal", own, parent, {"aduan.event": type_, "aduan.tenant": tenant}).end()


def mark_of_event(event_id: str, correlation_id: str) -> SpanPlace:
    """The place of an event's span, wherever it is asked for."""
    return SpanPlace(_trace(correlation_id), _digest(f"event {event_id}", 8))


def mark_of(header: object) -> SpanPlace | None:
    """The place that a ``traceparent`` names; none if it is none."""
    found = _HEADER.fullmatch(header) if isinstance(header, str) else None
    if found is None:
        return None
    mark = SpanPlace(int(found[1], 16), int(found[2], 16))
    return mark if mark.trace and mark.span else None


@contextmanager
def _recording(name: str, kind: Kind, own: SpanPlace, parent: SpanPlace | None) -> Iterator[None]:
    assert _recorder is not None  # noqa: S101 - asked before
    recorded = _recorder.start(name, kind, own, parent, {})
    token = _current.set((own, recorded))
    try:
        yield
    except BaseException as error:
        # Its class alone: what an error says may quote what somebody wrote.
        recorded.set_attribute("error.type", type(error).__name__)
        raise
    finally:
        _current.reset(token)
        recorded.end()


def _here() -> SpanPlace | None:
    opened = _current.get()
    return None if opened is None else opened[0]


def _root(correlation_id: str) -> SpanPlace:
    return SpanPlace(_trace(correlation_id), _digest(f"request {correlation_id}", 8))


def _begun_before(root: SpanPlace) -> bool:
    """Whether this process has lately begun a trace so; from now on it has."""
    before = root.span in _begun
    _begun[root.span] = None
    while len(_begun) > _REMEMBERED:
        del _begun[next(iter(_begun))]
    return before


def _is_request(correlation_id: str) -> bool:
    """Whether a request or message began it, which has a span; what a clock began has none."""
    try:
        UUID(correlation_id)
    except ValueError:
        return False
    return True


def _trace(correlation_id: str) -> int:
    if _is_request(correlation_id):
        return UUID(correlation_id).int or 1
    return _digest(f"trace {correlation_id}", 16)


_count = count()
_begun: dict[int, None] = {}
_REMEMBERED: Final = 10_000


def _some(name: str, above: SpanPlace) -> int:
    """A span's own number: no two within a process are alike, and of two processes hardly ever."""
    return _digest(f"{name} {above} {next(_count)} {_PROCESS}", 8)


def _digest(text: str, size: int) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=size).digest(), "big") or 1


_PROCESS: Final = SystemRandomness().bytes(8).hex()
