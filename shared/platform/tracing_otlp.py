"""Spans as OpenTelemetry records and sends them: OTLP over HTTP, in batches, beside the work.

Needs ``pip install aduan[tracing]``. A collector that is away costs its spans, and nothing else.
"""

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import eventlet

from shared.platform import tracing
from shared.platform.settings import Settings, SettingsError
from shared.platform.tracing import Kind, SpanPlace

log = logging.getLogger(__name__)

_EXPORT_SECONDS: Final = 2
_LEAVE_SECONDS: Final = 3.0
_BATCH: Final = 512
_PATH: Final = "/v1/traces"


class _Ids:
    """OpenTelemetry asks for numbers; ours follow from what they are of."""

    def __init__(self) -> None:
        self.next = SpanPlace(1, 1)

    def generate_trace_id(self) -> int:
        """That of the span which is begun just now."""
        return self.next.trace

    def generate_span_id(self) -> int:
        """That of the span which is begun just now."""
        return self.next.span

    def is_trace_id_random(self) -> bool:
        """Not said of them: some follow from a clock's name."""
        return False


class _Otlp:
    """Records by OpenTelemetry.

    :param tracer: its tracer, with our numbers.
    :param share: per cent of traces that are kept.
    """

    def __init__(self, tracer: Any, ids: _Ids, share: int) -> None:
        from opentelemetry import trace  # noqa: PLC0415 - optional

        self._api = trace
        self._tracer = tracer
        self._ids = ids
        self._share = share
        self._flags = trace.TraceFlags(trace.TraceFlags.SAMPLED)

    def start(self, name: str, kind: Kind, own: SpanPlace, parent: SpanPlace | None, attributes: dict[str, Any]) -> Any:
        """A span that begins now. Nothing may get its turn between its number and its beginning, and nothing does."""
        if not _kept(own.trace, self._share):
            return self._api.INVALID_SPAN
        self._ids.next = own
        return self._tracer.start_span(
            name,
            context=self._under(parent),
            kind=getattr(self._api.SpanKind, kind.upper()),
            attributes=attributes,
            record_exception=False,
            set_status_on_exception=False,
        )

    def _under(self, parent: SpanPlace | None) -> Any:
        above = self._api.INVALID_SPAN
        if parent is not None:
            context = self._api.SpanContext(parent.trace, parent.span, is_remote=True, trace_flags=self._flags)
            above = self._api.NonRecordingSpan(context)
        return self._api.set_span_in_context(above)


@contextmanager
def traced(settings: Settings, name: str) -> Iterator[None]:
    """Record spans during the block, if the settings say where to; what is recorded at its end is sent before it ends.

    :param name: of the process, e.g. ``portal+intake``.
    :raises SettingsError: if OpenTelemetry is not installed.
    """
    if not settings.traces_url:
        yield
        return
    provider, recorder = _provider(settings, name)
    tracing.record_with(recorder)
    log.info("recording traces", extra={"share": settings.traces_share})
    try:
        yield
    finally:
        tracing.record_with(None)
        with eventlet.Timeout(_LEAVE_SECONDS, exception=False):
            provider.shutdown()


def _provider(settings: Settings, name: str) -> tuple[Any, _Otlp]:
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415 - optional
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
    except ImportError:
        raise SettingsError(["ADUAN_TRACES_URL needs OpenTelemetry: pip install aduan[tracing]"]) from None
    ids = _Ids()
    provider = TracerProvider(
        resource=Resource({"service.name": f"aduan.{name}", "service.namespace": "aduan"}),
        id_generator=ids,  # type: ignore[arg-type] # of the same shape
        shutdown_on_exit=False,
    )
    exporter = OTLPSpanExporter(endpoint=f"{settings.traces_url.rstrip('/')}{_PATH}", timeout=_EXPORT_SECONDS)
    provider.add_span_processor(BatchSpanProcessor(exporter, max_export_batch_size=_BATCH))
    return provider, _Otlp(provider.get_tracer("aduan"), ids, settings.traces_share)


def _kept(trace: int, share: int) -> bool:
    """Whether a trace is recorded, by its own number: all processes keep the same traces, and whole ones.

    Not OpenTelemetry's sampler by ratio, which takes the number's last bits for evenly spread: those of a UUID are not.
    """
    return hashlib.blake2b(trace.to_bytes(16, "big"), digest_size=1).digest()[0] * 100 < share * 256
