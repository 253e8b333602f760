"""Who looks after a government's channels is told by mail of what they alone can mend, and once of each."""

import random
from pathlib import Path
from uuid import UUID

import pytest

from channels import looking_after
from cli.providers.whatsapp import WhatsAppProvider
from portal.refusals import MOST, Refusals
from services.notify.alarms import account_is_ill
from services.notify.ledger import Message
from services.notify.mailing import Mailing
from services.notify.outbox import Outbox
from services.notify.post import post_for
from services.notify.refused import LetterRefused
from tests.channels.by_whatsapp import SITI, at_the_office
from tests.channels.line import Line, line
from tests.notify.mail import MailServer
from tests.notify.test_kept_connection import letter


def test_21_the_operator_is_told_once_that_an_account_takes_nothing(operated: Line, whatsapp: WhatsAppProvider) -> None:
    """A token that was revoked is told by mail, once, however many letters it has refused."""
    whatsapp.refusals = [190, 190]
    for number in (SITI, "6281234567899"):
        whatsapp.deliver(whatsapp.text(number, "Jalan utama berlubang dalam sekali"))
        operated.works()
    alarms = Outbox(operated.runtime.settings.data_dir / "outbox").letters()
    assert ["kanal@cilacap.example"] == [each.to for each in alarms]
    assert "190" in alarms[0].text
    assert "aduan channel check --tenant cilacap" in alarms[0].text


def test_the_operator_is_told_once_of_what_no_further_letter_will_pass(
    operated: Line, whatsapp: WhatsAppProvider
) -> None:
    """A template that the provider does not know, and a number that it takes for a sender of spam: each code once."""
    whatsapp.refusals = [132001, 132001, 131048]
    for number in (SITI, "6281234567899", "6281234567898"):
        whatsapp.deliver(whatsapp.text(number, "Jalan utama berlubang dalam sekali"))
        operated.works()
    alarms = Outbox(operated.runtime.settings.data_dir / "outbox").letters()
    assert {"kanal@cilacap.example"} == {each.to for each in alarms}
    assert [1, 1] == [sum(code in each.text for each in alarms) for code in ("132001", "131048")]
    assert 2 == len(alarms)


@pytest.mark.parametrize(("refusal", "paused"), [(132015, ""), (132016, ""), (None, "aduan_dijawab")])
def test_the_operator_is_told_that_a_template_is_paused(
    operated: Line, whatsapp: WhatsAppProvider, refusal: int | None, paused: str
) -> None:
    """Refused at once, or thanked for and delivered to nobody: the plainest goes, which says less, and somebody has to
    see to the other.
    """
    dossier = at_the_office(operated, whatsapp)
    operated.works()
    whatsapp.refusals, whatsapp.paused = [refusal] if refusal else [], {paused}
    operated.act(dossier, "answer", text="Sudah ditambal.")
    operated.works()
    letters = Outbox(operated.runtime.settings.data_dir / "outbox").letters()
    [alarm] = [each for each in letters if each.to == "kanal@cilacap.example"]
    assert (str(refusal) if refusal else "template_paused") in alarm.text
    assert "aduan_kabar" == whatsapp.letters_to(SITI)[-1]["template"]["name"]


def test_the_operator_is_told_once_of_what_a_status_says(operated: Line, whatsapp: WhatsAppProvider) -> None:
    """What the provider thanked for and then refused, since nobody pays or the template is no more: each code once; a
    telephone without WhatsApp is no trouble of the operator's.
    """
    people = {f"628123456789{place}": code for place, code in enumerate((131042, 132001, 131026, 132001))}
    whatsapp.deliver(*(whatsapp.text(each, "Jalan utama berlubang dalam sekali") for each in people))
    operated.works()
    for each, code in people.items():
        whatsapp.deliver(whatsapp.status(whatsapp.letters_to(each)[-1], "failed", errors=[{"code": code}]))
    operated.works()
    alarms = Outbox(operated.runtime.settings.data_dir / "outbox").letters()
    codes = ("131042", "132001", "131026")
    assert [1, 1, 0] == [sum(code in each.text for each in alarms) for code in codes]


def test_the_operator_is_told_once_that_deliveries_are_refused(operated: Line, whatsapp: WhatsAppProvider) -> None:
    """A secret that was changed on one side only: twenty may be a mistake, more are told, by mail, once a day."""
    outbox = Outbox(operated.runtime.settings.data_dir / "outbox")
    for number in range(45):
        assert 403 == whatsapp.deliver_raw(b"{}", "changed").status_code
        assert (number >= MOST) == bool(outbox.letters()), number
    [alarm] = outbox.letters()
    assert "kanal@cilacap.example" == alarm.to
    assert "aduan channel check --tenant cilacap" in alarm.text
    assert 200 == whatsapp.deliver_raw(b"{}").status_code, "what is signed is taken all the same"


def test_an_alarm_that_did_not_go_out_is_tried_again(database_url: str, tmp_path: Path, smtp: MailServer) -> None:
    """A hiccup of the mail server does not silence it for a day; one that went out does."""
    with line(database_url, tmp_path, {}, {}, smtp.url) as made:
        operator = "tunda1.kanal@cilacap.example"
        told = [account_is_ill(made.runtime, operator, "cilacap", "sms", "modem", "x") for _ in range(3)]
        assert [False, True, False] == told


def test_the_operator_is_told_that_mail_is_refused_by_policy(
    database_url: str, tmp_path: Path, smtp: MailServer
) -> None:
    """Once, to a mailbox that the server may still take for its own; nobody's letter has failed by it."""
    book = f"operator: {random.randrange(10**9)}@aduan.example\nchannels: []\n"
    with line(database_url, tmp_path, {"cilacap": book}, {}, smtp.url) as made:
        message = Message(
            dossier=UUID(int=1),
            version=1,
            recipient="reporter",
            template="answered",
            tenant="cilacap",
            attempts=1,
            outcome=None,
            way=None,
            reason=None,
            queued_at=made.clock.now(),
            lease=UUID(int=2),
        )
        with post_for(made.runtime.settings).session() as session:
            for number in range(4):
                refusing = letter(number, "blokir.siti@warga.example")
                with pytest.raises(LetterRefused) as refused:
                    Mailing(made.runtime, repeatable=True).send(message, refusing, "", session)
                assert refused.value.permanent == (number < 2)
        told = smtp.taken_for(book.split()[1])
        assert [True] == ["refused_by_policy" in each["text"] for each in told]


def test_refusals_are_counted_by_the_hour() -> None:
    """Each channel for itself; an hour later anew."""
    now = [0.0]
    refusals = Refusals(lambda: now[0])
    assert [MOST] == [number for number in range(100) if refusals.count("cilacap", "whatsapp")]
    assert not refusals.count("cilacap", "sms")
    now[0] += 3601
    assert [MOST] == [number for number in range(100) if refusals.count("cilacap", "whatsapp")]


def test_what_a_provider_says_of_an_account_is_told_to_its_operator(operated: Line, whatsapp: WhatsAppProvider) -> None:
    """A template that is paused, a number that is limited: each once, however often delivered; good news never."""
    paused = {"event": "PAUSED", "message_template_name": "aduan_dijawab", "message_template_language": "id"}
    changes = [
        {"field": "message_template_status_update", "value": paused},
        {"field": "message_template_status_update", "value": {**paused, "event": "APPROVED"}},
        {
            "field": "phone_number_quality_update",
            "value": {"event": "FLAGGED", "display_phone_number": "6285290082800"},
        },
        {"field": "business_username_update", "value": {"event": "x"}},
    ]
    for _ in range(2):
        assert 200 == whatsapp.deliver(*changes).status_code
        operated.works()
    alarms = Outbox(operated.runtime.settings.data_dir / "outbox").letters()
    assert {"kanal@cilacap.example"} == {each.to for each in alarms}
    assert [True, True] == [
        any(word in each.text for each in alarms) for word in ("PAUSED aduan_dijawab", "FLAGGED 6285290082800")
    ]
    assert 2 == len(alarms)


def test_every_channel_is_asked_about_once_a_day(operated: Line, whatsapp: WhatsAppProvider) -> None:
    """A token that has run out is told before anybody misses an answer; an hour after the start at first, and once."""
    outbox = Outbox(operated.runtime.settings.data_dir / "outbox")
    asked = [looking_after.tick(operated.house, now) for now in (0.0, 3599.0, 3600.0, 3601.0)]
    assert ([False, False, True, False], []) == (asked, outbox.letters())
    folder = operated.house.channels.secrets_folder
    assert folder is not None
    (folder / "cilacap.whatsapp.access_token").write_text("run-out")
    (folder / "cilacap.whatsapp.access_token").chmod(0o600)
    assert looking_after.tick(operated.house, 3600.0 + 86_400)
    [alarm] = outbox.letters()
    assert "access_token" in alarm.text
    assert [] == whatsapp.letters
