"""The same request once more: one key, one effect, one answer; on the services' own doors and a real database."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import eventlet
import pytest

from services.intake.service import IntakeService
from services.routing.service import RoutingService
from shared.base.caller import Caller
from shared.base.errors import AduanError, Invalid
from shared.domain.complaint.schema import load_submission
from tests.fixtures.office import Office

DESK = Caller("cilacap", "coordinator", user="rina").to_dict()
COMPLETE = {"name": "Siti Rahayu", "address": "RT 02 Hanum"}
OTHER = Caller("cilacap", "coordinator", user="budi").to_dict()


class Doors:
    """What the portal asks, with a key."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.intake: Any = IntakeService()
        self.routing: Any = RoutingService()
        self.intake.runtime = self.routing.runtime = office.runtime

    def file(self, key: str, caller: dict[str, Any] | None = None, **fields: Any) -> Any:
        """File a complaint."""
        complaint = load_submission({"message": "Jalan rusak", "reporter": COMPLETE, **fields})
        return self.intake.file("cilacap", complaint, caller, str(uuid4()), key)

    def say(self, receipt: Any, key: str, action: str, **fields: Any) -> Any:
        """A reporter's action."""
        ticket, code = receipt["ticket"], receipt["tracking_code"]
        return self.intake.reporter_act("cilacap", ticket, code, action, fields, str(uuid4()), key)

    def act(
        self, receipt: Any, key: str, action: str, who: Any = None, version: int | None = None, **fields: Any
    ) -> Any:
        """An officer's action."""
        return self.routing.act("cilacap", receipt["id"], action, fields, version, who or DESK, str(uuid4()), key)

    def count(self) -> int:
        """The events of the whole log."""
        [(count,)] = self.office.rows("SELECT count(*) FROM eventstore.events")
        return int(count)


@pytest.fixture
def doors(database_url: str) -> Iterator[Doors]:
    """An installation."""
    office = Office(database_url)
    yield Doors(office)
    office.close()


def _at_once(*asked: Callable[[], Any]) -> list[Any]:
    pool = eventlet.GreenPool(len(asked))
    return [thread.wait() for thread in [pool.spawn(each) for each in asked]]


def _refusal(ask: Callable[[], Any]) -> str | None:
    try:
        ask()
    except AduanError as error:
        return error.code
    return None


@pytest.mark.parametrize("caller", [None, DESK])
def test_a_filing_is_repeated(doors: Doors, caller: dict[str, Any] | None) -> None:
    """The first receipt, word for word, tracking code and all; another key files another."""
    first = doors.file("k1", caller)
    again = doors.file("k1", caller)
    other = doors.file("k2", caller)

    assert first == again
    assert first["created"]
    assert first["id"] != other["id"]
    assert 2 == doors.count()


def test_a_filing_with_the_key_of_another_is_refused(doors: Doors) -> None:
    """Nothing is filed, and nothing is told of the other."""
    doors.file("k1")
    with pytest.raises(Invalid) as refused:
        doors.file("k1", message="Lampu mati")

    assert ("key_reused", 422) == (refused.value.code, refused.value.status)
    assert 1 == doors.count()


def test_the_same_key_of_somebody_else_is_another(doors: Doors) -> None:
    """Of the public, of an officer, of another officer, of another government."""
    ids = {doors.file("k1", who)["id"] for who in (None, DESK, OTHER)}
    ids.add(doors.intake.file("bantul", load_submission({"message": "Jalan rusak"}), None, "c", "k1")["id"])

    assert 4 == len(ids)


@pytest.mark.parametrize("caller", [None, DESK])
def test_a_message_with_an_external_id_is_filed_once_with_or_without_a_key(
    doors: Doors, caller: dict[str, Any] | None
) -> None:
    """A second try with the key that was told for the first, and a later one without any, find it."""
    first = doors.file("id-of-the-request", caller, channel="web", external_id="w1")
    again = doors.file("id-of-the-request", caller, channel="web", external_id="w1")
    later = doors.file("", caller, channel="web", external_id="w1")

    assert first == again
    assert (first["ticket"], False) == (later["ticket"], later["created"])
    assert 1 == doors.count()


_KNOWN = {"channel": "web", "external_id": "w1"}


@pytest.mark.parametrize("caller", [None, DESK])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        (_KNOWN, {**_KNOWN, "external_id": "w2"}),
        (_KNOWN, {**_KNOWN, "message": "Lampu mati"}),
        (_KNOWN, {}),
        ({}, _KNOWN),
    ],
    ids=["another id", "other words under one id", "no id", "an id where there was none"],
)
def test_a_key_stands_for_one_complaint_whatever_ids_are_told(
    doors: Doors, caller: dict[str, Any] | None, before: dict[str, Any], after: dict[str, Any]
) -> None:
    """Where its own id makes a complaint's dossier too: the key with other content is refused, and files nothing."""
    first = doors.file("k1", caller, **before)
    assert "key_reused" == _refusal(lambda: doors.file("k1", caller, **after))
    assert first == doors.file("k1", caller, **before)
    assert 1 == doors.count()
    assert _refusal(lambda: doors.file("k2", caller, **after)) is None


def test_a_key_of_what_was_refused_is_free(doors: Doors) -> None:
    """Whoever names a channel that there is not mends that, and sends the same request again."""
    assert "invalid_fields" == _refusal(lambda: doors.file("k1", channel="merpati", external_id="w1"))
    assert doors.file("k1", channel="web", external_id="w1")["created"]


def test_filings_with_one_key_at_once_are_one(doors: Doors) -> None:
    """However many arrive together."""
    receipts = _at_once(*[lambda: doors.file("k1")] * 12)

    assert 1 == len({str(receipt) for receipt in receipts})
    assert 1 == doors.count()


def test_an_officers_action_is_repeated(doors: Doors) -> None:
    """Answered as it was, also when the dossier has moved on, and with the version on which it was decided."""
    receipt = doors.file("k0")
    first = doors.act(receipt, "k1", "dispose", version=1, agency="dpupr", note="Segera")
    again = doors.act(receipt, "k1", "dispose", version=1, agency="dpupr", note="Segera")

    assert first == again
    assert 2 == doors.count()


def test_an_action_is_repeated_after_the_dossier_moved_on(doors: Doors) -> None:
    """The answer is of the version then; nothing is done again."""
    receipt = doors.file("k0")
    first = doors.act(receipt, "k1", "dispose", agency="dpupr")
    agency = Caller("cilacap", "operator", "dpupr", "dewi").to_dict()
    doors.act(receipt, "k2", "return", who=agency, reason="Bukan kewenangan kami")
    again = doors.act(receipt, "k1", "dispose", agency="dpupr")

    assert first == again
    assert 3 == doors.count()


def test_an_action_that_takes_the_dossier_away_is_repeated(doors: Doors) -> None:
    """Whoever gave it away learns once more where it went, and no more."""
    receipt = doors.file("k0")
    doors.act(receipt, "k1", "dispose", agency="dpupr")
    agency = Caller("cilacap", "operator", "dpupr", "dewi").to_dict()
    first = doors.act(receipt, "k2", "return", who=agency, reason="Bukan kewenangan kami")

    assert first == doors.act(receipt, "k2", "return", who=agency, reason="Bukan kewenangan kami")


@pytest.mark.parametrize(
    "changes", [{"agency": "dinkes"}, {"note": "lain"}, {"version": 1}], ids=["field", "another field", "version"]
)
def test_an_action_with_the_key_of_another_is_refused(doors: Doors, changes: dict[str, Any]) -> None:
    """Whatever of it differs."""
    receipt = doors.file("k0")
    doors.act(receipt, "k1", "dispose", agency="dpupr")

    assert "key_reused" == _refusal(lambda: doors.act(receipt, "k1", "dispose", **{"agency": "dpupr", **changes}))
    assert 2 == doors.count()


def test_another_officers_key_is_not_mine(doors: Doors) -> None:
    """The second is refused as if there were no key: the step is done."""
    receipt = doors.file("k0")
    doors.act(receipt, "k1", "dispose", agency="dpupr")

    assert _refusal(lambda: doors.act(receipt, "k1", "dispose", who=OTHER, agency="dpupr")) not in (None, "key_reused")


def test_one_key_serves_two_dossiers(doors: Doors) -> None:
    """A key that is used for every dossier of a list is each dossier's own."""
    receipts = [doors.file("a"), doors.file("b")]
    for receipt in receipts:
        doors.act(receipt, "k1", "dispose", agency="dpupr")

    assert 4 == doors.count()


def test_actions_with_one_key_at_once_are_one(doors: Doors) -> None:
    """All get the answer of the one that was carried out."""
    receipt = doors.file("k0")
    told = _at_once(*[lambda: doors.act(receipt, "k1", "classify", category="KESEHATAN")] * 8)

    assert 1 == len({answer["position"] for answer in told})
    assert 2 == doors.count()


@pytest.mark.parametrize(
    ("action", "fields", "other"),
    [("withdraw", {"reason": "Selesai"}, {"reason": "Batal"})],
)
def test_a_reporters_action_is_repeated(
    doors: Doors, action: str, fields: dict[str, Any], other: dict[str, Any]
) -> None:
    """Once done, the answer comes again, in whatever spelling ticket and code are; with other words it is refused."""
    receipt = doors.file("k0")
    first = doors.say(receipt, "k1", action, **fields)
    spelled = {**receipt, "ticket": receipt["ticket"].lower(), "tracking_code": receipt["tracking_code"].lower()}
    again = doors.say(spelled, "k1", action, **fields)

    assert first == again
    assert "key_reused" == _refusal(lambda: doors.say(receipt, "k1", action, **other))
    assert "unknown_ticket" == _refusal(lambda: doors.say({**receipt, "tracking_code": "X"}, "k1", action, **fields))
    assert 2 == doors.count()


def test_without_a_key_each_request_is_its_own(doors: Doors) -> None:
    """As ever."""
    assert doors.file("")["id"] != doors.file("")["id"]


def test_a_key_leaves_nothing_in_the_log_that_tells_it(doors: Doors) -> None:
    """Neither the key, which somebody may have made of a telephone number, nor what was asked."""
    receipt = doors.file("081234567890")
    doors.act(receipt, "siti-rahayu", "dispose", agency="dpupr", note="Segera")
    log = " ".join(str(bytes(state)) for (state,) in doors.office.rows("SELECT state FROM eventstore.events"))

    assert "request:" in log
    assert [] == [word for word in ("081234567890", "siti-rahayu", "Segera") if word in log]


def test_a_new_tracking_code_is_told_again_to_who_asked_for_it(doors: Doors) -> None:
    """The same one, if its answer was not heard; a second code is not made."""
    receipt = doors.file("k0")
    first = doors.act(receipt, "k1", "renew_code", via="telephone")
    again = doors.act(receipt, "k1", "renew_code", via="telephone")

    assert first == again
    assert receipt["tracking_code"] != again["tracking_code"]
    assert 2 == doors.count()
