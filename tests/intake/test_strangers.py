"""What somebody whom nobody knows says of channel, external id and time touches no complaint but their own."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from services.intake.filing import Submission, file_all
from services.intake.receipts import Receipt
from services.intake.reporter import track
from shared.base.caller import Caller
from shared.base.errors import Forbidden, Invalid
from shared.domain.complaint.channels import GENERAL, known_channels
from shared.domain.complaint.schema import SupplementSchema, load_submission
from shared.wording.coded_schema import load_coded
from tests.fixtures.office import CAUSE, START, Office
from tests.intake.talking import COORDINATOR, IMPORT, T, filed, filing, seen

_KNOWN = {"import": IMPORT, "officer": COORDINATOR.to_dict()}
_CLAIMED: dict[str, Any] = {"channel": "csv", "external_id": "1001"}


def _by_adapter(office: Office, **complaint: Any) -> Receipt:
    loaded = load_submission({"message": "Jalan rusak", **_CLAIMED, **complaint})
    return file_all(office.runtime, [Submission(T, loaded, CAUSE, user="csv", trusted=True)])[0]


def test_a_guessed_external_id_opens_nothing(office: Office) -> None:
    """Whoever names a known sender's channel and number files a complaint of their own, and gets its receipt."""
    first = filed(office, IMPORT, **_CLAIMED, reporter={"name": "Siti"})

    guesses = [filed(office, **_CLAIMED), filed(office, **_CLAIMED, reporter={"name": "Siti"})]

    assert all(guess.created for guess in guesses)
    assert 3 == len({receipt.id for receipt in (first, *guesses)})
    assert 3 == len({receipt.tracking_code for receipt in (first, *guesses)})


def test_an_external_id_cannot_be_taken_in_advance(office: Office) -> None:
    """A stranger who files under a number first does not swallow the complaint that has it."""
    stranger = filed(office, **_CLAIMED)

    receipts = [filed(office, IMPORT, **_CLAIMED), filed(office, **_CLAIMED)]

    assert [True, False] == [receipt.created for receipt in receipts]
    assert receipts[0].id != stranger.id == receipts[1].id


def test_strangers_do_not_meet_one_another(office: Office) -> None:
    """The same number with other words, another privacy, another name is another complaint."""
    variations: list[dict[str, Any]] = [
        {},
        {"message": "Lain"},
        {"privacy": "secret"},
        {"reporter": {"name": "Siti"}},
        {"attachments": ["a"]},
        {"reporter": {"email": "-"}},
        {"channel": "web"},
        {"external_id": "1002"},
    ]
    receipts = [filed(office, **{**_CLAIMED, **each}) for each in variations]

    assert len(variations) == len({receipt.id for receipt in receipts})
    assert all(receipt.created for receipt in receipts)


def test_a_true_retry_gets_the_first_receipt(office: Office) -> None:
    """The very same complaint sent again by whoever sent it files nothing."""
    first = filed(office, **_CLAIMED, reporter={"name": "Siti"}, title="Jalan")

    again = filed(office, title=" Jalan ", reporter={"name": "Siti", "phone": ""}, **_CLAIMED)

    assert (first.id, first.ticket, first.tracking_code, False) == (
        again.id,
        again.ticket,
        again.tracking_code,
        again.created,
    )


@pytest.mark.parametrize("name", _KNOWN)
def test_a_known_sender_is_taken_at_their_word(office: Office, name: str) -> None:
    """Channel and external id are enough, as the contract says, whatever the words: and for all known senders alike."""
    first = filed(office, _KNOWN[name], **_CLAIMED)

    again = [filed(office, _KNOWN[name], **_CLAIMED, title="Lain"), _by_adapter(office, title="Lain")]

    assert [(first.id, False)] * 2 == [(receipt.id, receipt.created) for receipt in again]


@pytest.mark.parametrize("name", [None, *_KNOWN])
def test_nobody_but_a_channel_says_to_whom_letters_go(office: Office, name: str | None) -> None:
    """Whoever says it in a complaint is told that this is not theirs to say; nothing is passed over in silence."""
    contacts = [f"whatsapp/resmi/{uuid4()}/6281234567890"]
    with pytest.raises(Invalid) as refused:
        filed(office, _KNOWN.get(name or ""), reporter={"name": "Siti", "contacts": contacts})
    assert {"reporter.contacts": ["of_channels"]} == refused.value.fields
    receipt = filed(office, {"user": "whatsapp"}, channel="whatsapp", external_id="w1", reporter={"contacts": contacts})
    assert receipt.created


def test_a_supplement_does_not_say_to_whom_letters_go() -> None:
    """Who has the code of a complaint completes it; by which conversation its reporter is told stays as it was."""
    contacts = [f"sms/modem/{uuid4()}/6281234567890"]
    with pytest.raises(Invalid) as refused:
        load_coded(SupplementSchema(), {"message": "Depan toko", "reporter": {"contacts": contacts}})
    assert {"reporter.contacts": ["fixed_at_filing"]} == refused.value.fields


def test_an_agencys_numbers_are_its_own(office: Office) -> None:
    """An agency may not know every reporter: its officers get no code by a number but of what they filed themselves."""
    first = filed(office, IMPORT, **_CLAIMED, privacy="secret")
    officers = [Caller(T, "operator", agency, "operator-1").to_dict() for agency in ("dpupr", "dinkes", "dpupr")]
    receipts = [filed(office, officer, **_CLAIMED) for officer in officers]

    assert [True, True, False] == [receipt.created for receipt in receipts]
    assert receipts[0].id == receipts[2].id
    assert 3 == len({receipt.tracking_code for receipt in (first, *receipts)})


@pytest.mark.parametrize(
    ("first", "again"),
    [
        (IMPORT, Caller(T, "coordinator", None, "coordinator-2")),
        (COORDINATOR.to_dict(), Caller(T, "coordinator", None, "coordinator-2")),
        (COORDINATOR.to_dict(), Caller("*", "admin", None, "coordinator-1", admin=True)),
        (Caller(T, "operator", "dpupr", "dewi").to_dict(), Caller(T, "operator", "dpupr", "budi")),
        (Caller(T, "operator", "dpupr", "dewi").to_dict(), Caller(T, "liaison", "dpupr", "dewi")),
    ],
    ids=["imported", "a colleague's", "for an administrator", "of one office", "in another role"],
)
def test_a_number_hands_an_officer_no_code_but_of_what_they_filed(
    office: Office, first: dict[str, Any], again: Caller
) -> None:
    """Whoever has the code is the reporter: a number that others can read is no proof of having filed under it."""
    receipt = filed(office, first, **_CLAIMED, privacy="secret")
    told = filed(office, again.to_dict(), **_CLAIMED)

    assert (receipt.ticket, "", False) == (told.ticket, told.tracking_code, told.created)
    assert receipt.tracking_code == filed(office, first, **_CLAIMED).tracking_code


def test_a_code_that_a_colleague_renewed_is_not_handed_to_who_filed(office: Office) -> None:
    """It was handed over at another counter; only whoever handed it over may print it again, here as for paper."""
    receipt = filed(office, COORDINATOR.to_dict(), **_CLAIMED)
    office.act(receipt, "coordinator", "renew_code", via="counter")

    assert "" == filed(office, COORDINATOR.to_dict(), **_CLAIMED).tracking_code
    assert "" != filed(office, Caller(T, "coordinator", None, "coordinator").to_dict(), **_CLAIMED).tracking_code


def test_in_one_batch_too_an_officer_gets_only_the_code_of_what_they_filed(office: Office) -> None:
    """Two that file under one number at the same moment are told alike but for the code, which is the first one's."""
    loaded = load_submission({"message": "Jalan rusak", **_CLAIMED})
    both = [Submission(T, loaded, CAUSE, name, "coordinator", trusted=True) for name in ("rina", "budi")]
    first, second = file_all(office.runtime, both)

    assert (first.ticket, True, False) == (second.ticket, first.created, second.created)
    assert (10, "") == (len(first.tracking_code), second.tracking_code)


def test_the_id_of_a_dossier_does_not_give_its_words_away(office: Office) -> None:
    """It outlives an erasure; another installation's secret makes another of the same words."""
    one = filed(office, **_CLAIMED)
    other = filed(Office(office.runtime.settings.database_url), tenant="bantul", **_CLAIMED)

    assert one.id != other.id


@pytest.mark.parametrize("days", [1, 30, 9_000])
def test_a_strangers_time_is_a_statement(office: Office, days: int) -> None:
    """It is kept, sealed, and the complaint counts from when it came in: no closed month changes."""
    stated = (START - timedelta(days=days)).isoformat()
    receipt = filed(office, occurred_at=stated)

    assert START == filing(office, receipt).occurred_at == filing(office, receipt).recorded_at
    assert stated == seen(office, receipt)["complaint"]["occurred_at"]


@pytest.mark.parametrize(("days", "counts"), [(0, True), (1, True), (366, True), (367, False), (9000, False)])
def test_a_known_sender_dates_back_within_bounds(office: Office, days: int, counts: bool) -> None:
    """As far as the installation lets them; what is older counts from today, and is kept as stated."""
    stated = START - timedelta(days=days)
    receipt = filed(office, IMPORT, occurred_at=stated.isoformat())

    assert (stated if counts else START) == filing(office, receipt).occurred_at
    assert stated.isoformat() == seen(office, receipt)["complaint"]["occurred_at"]


@pytest.mark.parametrize(
    "written",
    ["1970-01-01T00:00:00Z", "1899-12-30T00:00:00+07:00", "2026-10-05T08:00:01+07:00", "9999-01-01T00:00:00Z"],
)
@pytest.mark.parametrize("caller", [None, IMPORT], ids=["anybody", "import"])
def test_a_time_that_cannot_be_meant_is_kept_as_written(
    office: Office, caller: dict[str, Any] | None, written: str
) -> None:
    """An empty date of some machine's, and a time still to come: counted where it came in."""
    receipt = filed(office, caller, occurred_at=written)
    complaint = seen(office, receipt)["complaint"]

    assert START == filing(office, receipt).occurred_at
    assert "occurred_at" not in complaint
    assert {"occurred_at"} == set(complaint["as_written"])
    if "+07:00" in written:
        assert {"occurred_at": written} == complaint["as_written"]


def test_an_officer_files_in_their_own_name(office: Office) -> None:
    """The event says which officer, in which role, filed it for somebody; the channel says how it was told."""
    receipt = filed(office, COORDINATOR.to_dict(), channel="telephone")
    event = filing(office, receipt)

    assert ("coordinator", "coordinator-1", "telephone") == (event.actor, event.user, event.channel)
    assert ("reporter", "reporter") == (filing(office, filed(office)).actor, filing(office, filed(office)).user)


@pytest.mark.parametrize(
    "caller",
    [Caller(T, "reporter"), Caller(T, "system"), Caller(T, "mayor"), Caller("bantul", "coordinator")],
    ids=lambda caller: f"{caller.tenant}-{caller.actor}",
)
def test_no_other_token_makes_a_known_sender(office: Office, caller: Caller) -> None:
    """Only an officer of this government files for somebody: whoever else has a token is refused."""
    with pytest.raises(Forbidden):
        filed(office, caller.to_dict())


@pytest.mark.parametrize("tenant", ["bantul", "cilacap", "cirebon", "majalengka", "trenggalek", "kepulauan"])
def test_channels_are_those_of_the_sop_and_the_general_ones(office: Office, tenant: str) -> None:
    """Each of them is open, in any letters; any other is refused by its name, with those that there are."""
    sop = office.runtime.tenants.get(tenant).sop
    names = known_channels(sop)
    receipts = [filed(office, tenant=tenant, channel=name.upper()) for name in names]

    assert {*GENERAL, *(channel.id for channel in sop.channels)} == set(names)
    assert list(names) == [filing(office, receipt).channel for receipt in receipts]
    for other in ("merpati", "whats app", "Siti Rahayu 0812", "x" * 500):
        with pytest.raises(Invalid) as caught:
            filed(office, tenant=tenant, channel=other)
        [message] = caught.value.fields["channel"]
        assert message.startswith("not_a_choice?choices=")
        assert "web" in message
        assert other not in message


def test_a_repeated_receipt_bears_the_code_that_holds(office: Office) -> None:
    """A renewed code ends the first one: who sends their complaint once more is not handed a dead one."""
    receipt = filed(office, IMPORT, external_id="1001", channel="csv")
    office.act(receipt, "coordinator", "renew_code", via="counter")
    again = filed(office, IMPORT, external_id="1001", channel="csv")
    view = track(office.runtime, T, again.ticket, again.tracking_code)

    assert (receipt.ticket, False) == (again.ticket, again.created)
    assert receipt.tracking_code != again.tracking_code
    assert receipt.ticket == view["ticket"]
