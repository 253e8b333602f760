"""From the delivery of a provider to the letter: one trace, over the conversation between."""

from collections.abc import Iterator

import pytest

from cli.providers.whatsapp import WhatsAppProvider
from shared.platform import tracing
from shared.platform.tracing import SpanPlace
from tests.channels.by_whatsapp import files_one
from tests.channels.line import Line
from tests.tracing.test_marks import Noted


@pytest.fixture
def noted() -> Iterator[Noted]:
    """Recording, for the test."""
    recorder = Noted()
    tracing.record_with(recorder)
    yield recorder
    tracing.record_with(None)


def test_a_trace_goes_on_through_a_conversation(cilacap: Line, whatsapp: WhatsAppProvider, noted: Noted) -> None:
    """What a message leads to hangs on the request that delivered it, and bears its id: so do letters about it."""
    files_one(cilacap, whatsapp)
    [dossier] = cilacap.dossiers()
    [filed] = cilacap.history(dossier)
    above = {own: (name, parent) for name, own, parent in noted.spans}
    names: list[str] = []
    place: SpanPlace | None = tracing.mark_of_event(filed.event_id, filed.correlation_id)
    while place is not None:
        name, place = above[place]
        names.append(name)
    trace = tracing.mark_of_event(filed.event_id, filed.correlation_id).trace

    assert ["ComplaintFiled", "channels.submit", "request"] == names
    assert "conversation" in [name for name, own, _ in noted.spans if own.trace == trace]
