"""Much at once: deliveries repeated, shuffled and broken, workers beside each other, services that are away."""

import random
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import eventlet
import psycopg2
import pytest

from channels.conversing import House
from channels.working import tick
from cli.providers.whatsapp import NUMBER, SECRET, TOKEN, WhatsAppProvider, escaped, text_of
from services.notify import sending, talking
from shared.base.errors import Unavailable
from shared.base.services import ServiceName
from tests.channels.conftest import WHATSAPP
from tests.channels.line import Line, line
from tests.fixtures.waiting import eventually

PEOPLE = 40
_NO_PAUSES = """
    UPDATE channels.outgoing SET next_attempt_at = clock_timestamp()
     WHERE id IN (SELECT id FROM channels.outgoing
                   WHERE done_at IS NULL AND attempts > 0 AND next_attempt_at < clock_timestamp() + interval '100 s'
                   ORDER BY number FOR UPDATE SKIP LOCKED)
"""
_LEFT = """
    SELECT (SELECT count(*) FROM channels.outgoing WHERE done_at IS NULL)
         + (SELECT count(*) FROM channels.heard WHERE state = 'new')
"""
_BROKEN = (b"", b"{", b'{"object": "whatsapp_business_account", "entry": [1, {"changes": [null, {"field": 3}]}]}')


@pytest.fixture
def bantul(database_url: str, tmp_path: Path, whatsapp: WhatsAppProvider) -> Iterator[Line]:
    """A government that asks for a message and nothing else."""
    book = WHATSAPP.format(address=whatsapp.address, number=NUMBER).replace("kind:", "extra: true\n    kind:")
    secrets = {"bantul.whatsapp.app_secret": SECRET, "bantul.whatsapp.access_token": TOKEN}
    with line(database_url, tmp_path, {"bantul": book}, secrets) as made:
        whatsapp.hook = f"{made.address}/hooks/v1/bantul/whatsapp"
        yield made


def everybody(provider: WhatsAppProvider, said: list[dict[str, Any]], at: int) -> list[bytes]:
    """What everybody does at once."""
    changes = [provider.message(f"62812345{person:05}", each, at=at) for person in range(PEOPLE) for each in said]
    entry = [[{"id": "1", "changes": [change]}] for change in changes]
    return [escaped({"object": "whatsapp_business_account", "entry": each}) for each in entry]


def taken(provider: WhatsAppProvider, body: bytes) -> bool:
    """Whether a delivery was thanked for: until then it may be told to come again, and nothing else."""
    status = provider.deliver_raw(body).status_code
    assert status in (200, 503)
    return status == 200


def test_exactly_the_right_complaints(bantul: Line, whatsapp: WhatsAppProvider) -> None:
    """Faults 1, 2 and 15: one complaint for each person, whatever is repeated, shuffled, broken or interrupted."""
    chance = random.Random(17)

    def ask(service: ServiceName, method: str, **arguments: Any) -> Any:
        """A service that is away now and then, before or after it has done what was asked."""
        if chance.random() < 0.1:
            raise Unavailable("service_unavailable")
        answer = bantul._ask(service, method, **arguments)
        if chance.random() < 0.1:
            raise Unavailable("service_unavailable")
        return answer

    house = House(bantul.runtime, bantul.house.channels, ask)

    def work(_: int) -> None:
        """One of several workers, until it finds nothing to do. What fails is taken up again, as their ticker does."""
        did = True
        while did:
            try:
                did = tick(house)
            except (Unavailable, psycopg2.Error):
                did = True
            bantul.rows(_NO_PAUSES)

    def worked() -> bool:
        """Workers beside each other, who leave nothing behind; a lease that one of them let fall has run out."""
        list(eventlet.GreenPool(3).imap(work, range(3)))
        bantul.rows("UPDATE channels.outgoing SET next_attempt_at = clock_timestamp() WHERE done_at IS NULL")
        return bantul.rows(_LEFT) == [(0,)]

    def said_all() -> bool:
        """An account has a pace: what it puts off for a moment is not lost."""
        bantul.settled()
        talking.tick(bantul.runtime, sending.carriers_of(bantul.runtime))
        return bantul.rows("SELECT count(*) FROM notify.talks WHERE state IN ('planned', 'unknown')") == [(0,)]

    pressed = {"type": "button_reply", "button_reply": {"id": "p:open", "title": "Terbuka"}}
    steps: list[list[dict[str, Any]]] = [
        [
            {"type": "text", "text": {"body": "Jalan rusak di depan rumah sudah lama sekali"}},
            {"type": "text", "text": {"body": "Sudah dua motor jatuh di sana"}},  # within the same second
        ],
        [{"type": "text", "text": {"body": "ya"}}],
        [{"type": "interactive", "interactive": pressed}],
    ]
    earlier: list[bytes] = []
    for second, said in enumerate(steps):
        bodies = everybody(whatsapp, said, int(time.time()) - 600 + second)
        earlier += bodies
        deliveries = [*bodies, *chance.choices(earlier, k=PEOPLE * 3 // 10), *_BROKEN]
        chance.shuffle(deliveries)
        asked = [partial(eventually, partial(taken, whatsapp, body), within=120) for body in deliveries]
        list(eventlet.GreenPool(12).imap(lambda each: each(), asked))
        bantul.settled()
        eventually(worked, within=300, what="everything is done")
    eventually(said_all, within=300, what="everything is said")
    assert PEOPLE == len(bantul.dossiers())
    assert [("done", PEOPLE * 4)] == bantul.rows(
        "SELECT state, count(*) FROM channels.heard WHERE state <> 'odd' GROUP BY state"
    )
    receipts = [text_of(letter) for letter in whatsapp.letters if "Kode lacak" in text_of(letter)]
    assert PEOPLE == len(receipts) == len(set(receipts))
    assert PEOPLE * 3 == len(whatsapp.letters), "a question, a question and a receipt for each"
