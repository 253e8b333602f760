"""Replies that a fault of ours breaks, and words of providers that do not fit: no other waits for them."""

from typing import Any
from uuid import UUID

import psycopg2
import pytest

from services.notify import followed, reports, talking
from services.notify.carrying import Carriers
from shared.application.runtime import Runtime
from shared.base.times import to_iso
from shared.channels.carrier import Maybe, Taken, Words
from shared.channels.installed import channels_of
from tests.notify.letter_office import LetterOffice

BROKEN = "Rusak"
BY = {"channel": "whatsapp", "account": "1"}
TRIES = 10
"""As often as a reply is tried at most that breaks each time."""


class Breaking(Carriers):
    """Ways out that take everything but one text.

    :ivar error: what that raises.
    :ivar tried: how often it was tried.
    :ivar sent: what was taken.
    """

    def __init__(self, runtime: Runtime, error: Exception) -> None:
        super().__init__(channels_of(runtime))
        self.error = error
        self.tried = 0
        self.sent: list[str] = []

    def send(self, *said: Any, **_: Any) -> Taken:
        """Take it, or break."""
        words: Words = said[4]
        if words.text == BROKEN:
            self.tried += 1
            raise self.error
        self.sent.append(words.text)
        return Taken(f"wamid.{len(self.sent)}")


def _says(office: LetterOffice, person: UUID, *texts: str) -> None:
    """Have somebody told these, one after the other."""
    runtime = office.runtime
    with runtime.database.transaction() as cursor:
        runtime.vault.store(cursor, [runtime.vault.new_key(person)])
    for place, text in enumerate(texts):
        key = UUID(int=person.int + place)
        talking.talk(runtime, "cilacap", person, key, **BY, about="", to="6281234567890", text=text, choices=[])


def _come_due(office: LetterOffice) -> bool:
    """Let the pause be over of what is put off; whether anything was."""
    due = "UPDATE notify.talks SET next_attempt_at = clock_timestamp() WHERE state = 'planned' RETURNING 1"
    return bool(office.rows(due))


def test_a_reply_that_breaks_is_given_up_while_others_are_sent(office: LetterOffice) -> None:
    """Others' in the same look; what the same person is told after it, once it is given up."""
    _says(office, UUID(int=100), BROKEN, "Sesudahnya")
    _says(office, UUID(int=200), "Baik")
    carriers = Breaking(office.runtime, KeyError("a fault of ours"))
    talking.tick(office.runtime, carriers)
    assert (1, ["Baik"]) == (carriers.tried, carriers.sent)
    while _come_due(office):
        talking.tick(office.runtime, carriers)
    assert (TRIES, ["Baik", "Sesudahnya"]) == (carriers.tried, carriers.sent)
    ends = office.rows("SELECT state, code, sealed FROM notify.talks ORDER BY number")
    assert [("failed", "internal_error", ""), ("accepted", None, ""), ("accepted", None, "")] == ends


def test_a_reply_that_waited_long_is_tried_as_often_as_any_when_it_breaks(office: LetterOffice) -> None:
    """How often it was put off while an account was ill, or for its turn, says nothing of a fault of ours."""
    _says(office, UUID(int=100), BROKEN)
    office.rows("UPDATE notify.talks SET attempts = 500 RETURNING 1")
    carriers = Breaking(office.runtime, KeyError("a fault of ours"))
    talking.tick(office.runtime, carriers)
    while _come_due(office):
        talking.tick(office.runtime, carriers)
    assert TRIES == carriers.tried


def test_a_reply_that_waited_long_and_was_not_answered_is_sent_again(office: LetterOffice) -> None:
    """Only what may have come counts against it: five times, whatever it waited for before."""
    _says(office, UUID(int=100), BROKEN)
    office.rows("UPDATE notify.talks SET attempts = 500 RETURNING 1")
    carriers = Breaking(office.runtime, Maybe("no_answer"))
    states = []
    for _ in range(5):
        talking.tick(office.runtime, carriers)
        states += office.rows("UPDATE notify.talks SET next_attempt_at = clock_timestamp() RETURNING state, code")
    assert [("unknown", None)] * 4 + [("failed", "unknown")] == states


def test_a_database_that_is_away_gives_up_no_reply(office: LetterOffice) -> None:
    """It says nothing of the reply: the look ends, however often that was tried."""
    _says(office, UUID(int=100), BROKEN)
    office.rows("UPDATE notify.talks SET attempts = 50 RETURNING 1")
    with pytest.raises(psycopg2.OperationalError):
        talking.tick(office.runtime, Breaking(office.runtime, psycopg2.OperationalError("away")))
    assert [("planned",)] == office.rows("SELECT state FROM notify.talks")


def test_a_receipt_that_is_not_said_is_at_no_moment_one_to_be_sent(
    office: LetterOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What follows from it is noted with it, or neither is; noted twice it is one."""
    receipt = {**BY, "receipt": str(UUID(int=7))}

    def breaking(*_: object) -> str:
        raise KeyError("a fault of ours")

    with monkeypatch.context() as broken:
        broken.setattr(followed, "note", breaking)
        with pytest.raises(KeyError):
            talking.unsaid(office.runtime, "cilacap", UUID(int=100), UUID(int=5), **receipt)
    assert [] == office.rows("SELECT state FROM notify.talks")
    for _ in range(2):
        talking.unsaid(office.runtime, "cilacap", UUID(int=100), UUID(int=5), **receipt)
    assert [("failed", "too_many_letters")] == office.rows("SELECT state, code FROM notify.talks")


def test_a_providers_word_that_does_not_fit_holds_up_no_other(
    office: LetterOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database refuses it: it is tried again by itself. A database that is away is everybody's trouble."""
    error: psycopg2.Error = psycopg2.DataError("it does not fit")
    told = {"tenant": "cilacap", "key": "", "state": "sent", "part": "", "code": "", "at": to_iso(office.clock.now())}
    words = [{**told, "channel": "whatsapp", "provider_id": each} for each in ("odd", "even")]

    def reported(_: Runtime, *, provider_id: str, **__: object) -> bool:
        if provider_id == "odd":
            raise error
        return True

    monkeypatch.setattr(reports, "reported", reported)
    assert [False, True] == [reports.noted(office.runtime, each) for each in words]
    error = psycopg2.OperationalError("away")
    with pytest.raises(psycopg2.OperationalError):
        reports.noted(office.runtime, words[0])
