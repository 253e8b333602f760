"""One of a few words: however an officer writes it, it is the list's; any other is refused with the list."""

from collections.abc import Callable
from typing import Any

import pytest

from services.intake.receipts import Receipt
from services.reporting.search import search
from services.routing import commands, documents
from services.sla.queries import clocks
from shared.base.caller import Caller
from shared.base.errors import Invalid
from shared.domain.complaint.schema import load_submission
from shared.domain.dossier.events import Dispositioned
from shared.wording.catalogue import catalogue
from tests.fixtures.office import CAUSE, Office
from tests.routing.turns import answered, filed

T = "cilacap"
COORDINATOR = Caller(T, "coordinator", user="coordinator-1")
OPERATOR = Caller(T, "operator", "dpupr", user="operator-1")
CLASSES = "complaint, question, information, suggestion"
VIAS = "telephone, counter, letter, email, whatsapp, sms"
LEAVE = {"until": "2026-10-08", "reason": "Aspal belum datang"}

SPELLINGS: tuple[Callable[[str], str], ...] = (
    str.upper,
    lambda word: f"  {word}\u200b ",
    lambda word: word.replace("_", " "),
    lambda word: "".join(chr(ord(sign) + 0xFEE0) if sign.isalpha() else sign for sign in word),
)


@pytest.fixture
def receipt(office: Office) -> Receipt:
    """A complaint before the coordinator."""
    return office.file()


def _do(office: Office, receipt: Receipt, who: Caller, action: str, **fields: Any) -> Any:
    return commands.act(office.runtime, who, T, receipt.id, action, fields, CAUSE).events[-1]


CHOICES = [
    ("dispose", "agency", "dpupr", {}, "to_agency", "dinkes"),
    ("reject", "why", "no_complaint", {"reason": "Bukan aduan"}, "why", "answered_before"),
    ("deliver", "way", "telephone", {}, "by", VIAS),
    ("renew_code", "via", "counter", {}, "via", VIAS),
    ("withdraw", "via", "telephone", {"reason": "Sudah selesai"}, "via", VIAS),
]


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize(
    ("action", "field", "word", "more", "kept", "told"), CHOICES, ids=[each[0] for each in CHOICES]
)
def test_an_officers_choice_is_the_lists(
    office: Office,
    receipt: Receipt,
    action: str,
    field: str,
    word: str,
    more: dict[str, str],
    kept: str,
    told: str,
    spelling: Callable[[str], str],
) -> None:
    """What is recorded is the list's own word; also the action itself may be in capitals. What is none is refused."""
    if action == "deliver":
        _do(office, receipt, COORDINATOR, "return", reason="Mohon dilengkapi")  # something to be told of
    with pytest.raises(Invalid) as caught:
        _do(office, receipt, COORDINATOR, action, **{field: "none"}, **more)
    event = _do(office, receipt, COORDINATOR, spelling(action), **{field: spelling(word)}, **more)

    assert word == getattr(event, kept)
    assert [field] == list(caught.value.fields)
    assert told in catalogue().field_sentences(caught.value, "en")[field][0]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_class_that_an_officer_gives(office: Office, spelling: Callable[[str], str]) -> None:
    """QUESTION is a question, whoever classifies."""
    receipt = office.file("bantul", message="Mohon perhatian Bapak Bupati.")
    office.run_system(receipt)
    who = Caller("bantul", "coordinator", user="coordinator-1")

    def classify(word: str) -> Any:
        return commands.act(office.runtime, who, "bantul", receipt.id, "classify", {"classification": word}, CAUSE)

    with pytest.raises(Invalid) as caught:
        classify("praise")
    event = classify(spelling("question")).events[-1]

    assert "question" == event.classification
    assert CLASSES in catalogue().field_sentences(caught.value, "id")["classification"][0]


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize(("field", "word"), [("kind", "pause"), ("why", "other_agency")])
def test_a_reason_for_leave(
    office: Office, receipt: Receipt, field: str, word: str, spelling: Callable[[str], str]
) -> None:
    """Its kind and its reason."""
    _do(office, receipt, COORDINATOR, "dispose", agency="dpupr")
    asked = {"kind": "pause", "why": "goods", **LEAVE}
    with pytest.raises(Invalid) as caught:
        _do(office, receipt, OPERATOR, "ask_leave", **{**asked, field: "none"})
    event = _do(office, receipt, OPERATOR, "ask_leave", **{**asked, field: spelling(word)})

    assert word == getattr(event, field)
    assert word in catalogue().field_sentences(caught.value, "en")[field][0]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_an_agency_that_is_to_help(office: Office, receipt: Receipt, spelling: Callable[[str], str]) -> None:
    """By its id or its name; an unknown one is refused with those that there are."""
    _do(office, receipt, COORDINATOR, "dispose", agency="Dinas Pekerjaan Umum dan Penataan Ruang")
    with pytest.raises(Invalid) as caught:
        _do(office, receipt, OPERATOR, "ask_help", agency="nowhere", note="Tolong")
    event = _do(office, receipt, OPERATOR, "ask_help", agency=spelling("dinkes"), note="Tolong")

    assert "dinkes" == event.to_agency
    assert "dpupr" in catalogue().field_sentences(caught.value, "en")["agency"][0]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_what_a_reporter_chooses(spelling: Callable[[str], str]) -> None:
    """Privacy and class of a complaint, whichever door it comes through."""
    loaded = load_submission({"message": "m", "privacy": spelling("secret"), "classification": spelling("question")})

    assert ("secret", "question") == (loaded["privacy"], loaded["classification"])


FILTERS = {
    "status": "in_progress",
    "state": "open",
    "agency": "dpupr",
    "step": "check",
    "channel": "whatsapp",
    "category": "KESEHATAN",
    "classification": "question",
}


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize(("name", "word"), FILTERS.items(), ids=str)
def test_a_filter_of_the_search(office: Office, name: str, word: str, spelling: Callable[[str], str]) -> None:
    """Every filter by one of a few words takes it in any spelling, and refuses any other with those that there are."""
    listed = name == "status"
    search(office.runtime, COORDINATOR, T, {name: [spelling(word)] if listed else spelling(word)})
    with pytest.raises(Invalid) as caught:
        search(office.runtime, COORDINATOR, T, {name: ["none"] if listed else "none"})

    assert [name] == list(caught.value.fields)
    assert word in catalogue().field_sentences(caught.value, "en")[name][0]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_state_of_clocks(office: Office, spelling: Callable[[str], str]) -> None:
    """As the search's."""
    clocks(office.runtime, COORDINATOR, T, [spelling("breached")])
    with pytest.raises(Invalid) as caught:
        clocks(office.runtime, COORDINATOR, T, ["none"])

    assert "warned" in catalogue().field_sentences(caught.value, "en")["state"][0]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_kind_of_document(office: Office, receipt: Receipt, spelling: Callable[[str], str]) -> None:
    """A RECEIPT wants to know how it is handed over, as a receipt does."""
    with pytest.raises(Invalid) as caught:
        documents.make(office.runtime, COORDINATOR, T, receipt.id, {"kind": spelling("receipt")}, CAUSE)

    assert {"via": ["required"]} == caught.value.fields


@pytest.mark.parametrize(
    ("since", "until", "fits"), [("2026-10-05", "2026-10-05", True), ("2026-10-06", "2026-10-05", False)]
)
def test_a_time_that_ends_before_it_begins(office: Office, since: str, until: str, fits: bool) -> None:
    """One day is a time; an end before its beginning would find nothing, and is told."""
    asked = {"since": since, "until": until}
    if fits:
        search(office.runtime, COORDINATOR, T, asked)
        return
    with pytest.raises(Invalid) as caught:
        search(office.runtime, COORDINATOR, T, asked)

    assert {"until": ["ends_before_it_begins"]} == caught.value.fields


def test_a_unit_is_one_of_the_agency_that_gets_the_complaint(office: Office) -> None:
    """Also after a reopening, where another agency had it before; a unit of any other is refused with the list."""
    receipt = filed(office, "bantul", category="KESEHATAN")
    answered(office, receipt)
    office.say(receipt, "reopen", reason="Belum beres")
    for agency in ("dinkes", "disperta_ru"):
        with pytest.raises(Invalid) as refused:
            office.act(receipt, "coordinator", "dispose", agency=agency, unit="bina_marga")
        assert ["unit"] == list(refused.value.fields)
    office.act(receipt, "coordinator", "dispose", agency="dpupkp", unit="Bina Marga")
    [*_, event] = [each for each in office.history(receipt.id) if isinstance(each, Dispositioned)]

    assert ("dpupkp", "bina_marga") == (event.to_agency, event.to_unit)
