"""Long SMS that a gateway hands over part by part."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import permutations
from pathlib import Path

import pytest

from channels.joining import PATIENCE, Read, joined
from channels.rows import New, who_sleeps
from cli.providers.sms import VonageGateway, gateway_of
from shared.channels.incoming import Heard, Sender, SmsPart
from shared.channels.talk.world import PersonsMessage
from shared.domain.dossier.contents import complaint_of
from tests.channels.by_sms import trenggalek_by_sms
from tests.channels.line import Line

SUMARNO = "+6281234567890"
PARTS = (
    "LAPOR lampu jalan depan pasar Bendo mati sudah satu minggu, pedagang yang pulang mal",
    "am tidak melihat lubang di depan gerbang, kemarin dua orang jatuh dari sepeda moto",
    "r. Mohon segera diperbaiki.",
)


@pytest.fixture
def gateway() -> Iterator[VonageGateway]:
    """A gateway that hands over parts singly."""
    with gateway_of(VonageGateway) as made:
        assert isinstance(made, VonageGateway)
        yield made


@pytest.fixture
def trenggalek(database_url: str, tmp_path: Path, gateway: VonageGateway) -> Iterator[Line]:
    """An installation where Trenggalek is reached by SMS."""
    with trenggalek_by_sms(database_url, tmp_path, gateway) as made:
        yield made


def brings(trenggalek: Line, gateway: VonageGateway, *numbers: int) -> None:
    """The gateway hands over parts, as they come to it."""
    for number in numbers:
        at = trenggalek.clock.now().replace(microsecond=0)
        assert gateway.deliver_part(SUMARNO, PARTS[number - 1], at, number, len(PARTS)).ok
        trenggalek.works()


def finishes(trenggalek: Line, gateway: VonageGateway) -> str:
    """The questions are answered; what was filed."""
    for seconds, text in enumerate(("1", "Sumarno", "3503010101800002", "1", "1")):
        assert gateway.text(SUMARNO, text, at=trenggalek.clock.now() + timedelta(seconds=2 * seconds)).ok
        trenggalek.works()
    [dossier] = trenggalek.dossiers()
    complaint = complaint_of(trenggalek.history(dossier), trenggalek.runtime.vault.keys(None, [dossier])[dossier])
    return str(complaint["message"])


def test_37_parts_are_joined_by_their_numbers(trenggalek: Line, gateway: VonageGateway) -> None:
    """Fault 37: in whatever order they come, and repeated: one message, once, as it was written."""
    brings(trenggalek, gateway, 3, 1)
    assert [] == gateway.texts_to(SUMARNO), "a part is no message"
    brings(trenggalek, gateway, 1, 2)
    assert 1 == len(gateway.texts_to(SUMARNO))
    assert "".join(PARTS).removeprefix("LAPOR ") == finishes(trenggalek, gateway)


def test_38_a_part_that_never_comes_leaves_a_mark(trenggalek: Line, gateway: VonageGateway) -> None:
    """Fault 38: after ten minutes what is there is one message with a gap, and nothing of it comes again."""
    brings(trenggalek, gateway, 1, 3)
    trenggalek.later(minutes=9)
    trenggalek.works()
    assert [] == gateway.texts_to(SUMARNO)
    trenggalek.later(minutes=2)
    trenggalek.works()
    assert 1 == len(gateway.texts_to(SUMARNO))
    trenggalek.later(minutes=11)
    trenggalek.works()
    assert 1 == len(gateway.texts_to(SUMARNO))
    assert f"{PARTS[0].removeprefix('LAPOR ')} […] {PARTS[2]}" == finishes(trenggalek, gateway)


NOW = datetime.fromisoformat("2026-10-05T08:00:00+07:00")


def read(reference: str, number: int, total: int, *, minutes: float = 0, age: float = 0) -> Read:
    """A part in the journal."""
    at = NOW + timedelta(minutes=minutes)
    id_ = f"{reference} {number} {minutes}"
    heard = Heard(
        account="modem",
        message_id=id_,
        sender=Sender({"phone": SUMARNO}, SUMARNO),
        at=at,
        kind="text",
        text=f"<{reference}{number}>",
        part=SmsPart(reference, total, number),
    )
    return Read(New("sms", "modem", id_, at, "", 0, age), heard, PersonsMessage(id_, "text", at, heard.text))


def test_parts_of_several_messages_are_told_apart() -> None:
    """By their reference, and where it has come round again, by their number; in any order."""
    parts = [read("a", 1, 2), read("b", 1, 2), read("a", 2, 2), read("b", 2, 2)]
    for order in permutations(parts):
        texts = {each.message.text for each in joined(order, NOW).whole if each.message}
        assert {"<a1><a2>", "<b1><b2>"} == texts
    again = [read("a", 1, 2), read("a", 2, 2), read("a", 1, 2, minutes=1), read("a", 2, 2, minutes=1)]
    assert (2, ()) == (len(joined(again, NOW).whole), joined(again, NOW).waiting)


def test_a_gateway_whose_clock_is_ahead_keeps_nobody_waiting_for_hours() -> None:
    """Local time that says it were UTC: after ten minutes of the machine's the message is what there is of it."""
    ahead = read("a", 1, 2, minutes=7 * 60, age=599)
    assert 1 == len(joined([ahead], NOW).waiting)
    assert 1 == len(joined([read("a", 1, 2, minutes=7 * 60, age=600)], NOW).whole)


def test_whose_parts_wait_is_not_asleep(trenggalek: Line, gateway: VonageGateway) -> None:
    """Else their conversation would be looked at in every tick, for as long as the parts wait."""
    assert gateway.text(SUMARNO, "".join(PARTS), at=trenggalek.clock.now()).ok
    trenggalek.works()
    trenggalek.later(days=2)
    now = trenggalek.clock.now()
    with trenggalek.runtime.database.autocommit() as cursor:
        assert 1 == len(who_sleeps(cursor, now, 50))
    assert gateway.deliver_part(SUMARNO, PARTS[0], now, 1, len(PARTS)).ok
    with trenggalek.runtime.database.autocommit() as cursor:
        assert [] == who_sleeps(cursor, now, 50)


def test_what_a_gateway_hands_over_late_is_waited_for_too() -> None:
    """A gateway that was away for an hour hands over old parts: the second is not yet lost when the first comes."""
    late = NOW + PATIENCE * 6
    assert 1 == len(joined([read("a", 1, 2, age=1)], late).waiting)
    assert 1 == len(joined([read("a", 1, 2, age=61)], late).whole)


def test_an_emoji_that_was_cut_between_two_parts_is_filed_whole(trenggalek: Line, gateway: VonageGateway) -> None:
    """Each half waits sealed in the journal; what is filed is what was written."""
    said = "LAPOR lampu jalan depan pasar Bendo mati sudah satu minggu \U0001f64f mohon diperbaiki."
    first, second = said.split("\U0001f64f")
    now = trenggalek.clock.now().replace(microsecond=0)
    for number, text in ((2, f"\ude4f{second}"), (1, f"{first}\ud83d")):
        assert gateway.deliver_part(SUMARNO, text, now, number, 2).ok
        trenggalek.works()
    assert said.removeprefix("LAPOR ") == finishes(trenggalek, gateway)
