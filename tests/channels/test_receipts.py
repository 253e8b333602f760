"""A receipt that a conversation gives and that never arrives: the next way, the operator, the coordinator's task."""

from pathlib import Path
from uuid import UUID

import pytest

from cli.providers.sms import PlayedGateway
from cli.providers.whatsapp import WhatsAppProvider
from services.notify.outbox import Outbox
from shared.channels.talk.braking import A_DAY, A_MINUTE, braked
from shared.channels.talk.state import Brake, Talk
from shared.channels.talk.world import Say
from tests.channels.by_mail import COMPLAINT, book, comes
from tests.channels.by_mail import SITI as BY_MAIL
from tests.channels.by_whatsapp import SITI, files_one
from tests.channels.conftest import OPERATOR
from tests.channels.imap import PASSWORD as BOX
from tests.channels.imap import ImapServer
from tests.channels.line import Line, line
from tests.channels.talking import START
from tests.channels.test_mail_trouble import bounce
from tests.notify.mail import MailServer

UNDELIVERABLE = 131026


@pytest.fixture
def cilacap(by_two_ways: Line) -> Line:
    """Where Cilacap is reached by WhatsApp, and then by SMS."""
    return by_two_ways


def failures(line: Line, dossier: UUID) -> list[tuple[int, str, str]]:
    """Of what the log says that the reporter was not told: the event, the way, and why."""
    return [
        (event.answer, event.by, event.reason)  # type: ignore[attr-defined]
        for event in line.history(dossier)
        if event.type == "DeliveryFailed"
    ]


def letter_of_filing(line: Line) -> list[tuple[str | None, ...]]:
    """What the book says of the letter that a complaint was filed: outcome, way, why not."""
    return line.rows(
        "SELECT outcome, way, reason FROM notify.messages WHERE version = 1 AND recipient = 'reporter' "
        "ORDER BY queued_at"
    )


def alarms(line: Line) -> list[str]:
    """What the operator was told."""
    return [each.text for each in Outbox(line.runtime.settings.data_dir / "outbox").letters() if each.to == OPERATOR]


def test_a_receipt_that_fails_goes_by_the_next_way(
    cilacap: Line, whatsapp: WhatsAppProvider, modem: PlayedGateway
) -> None:
    """The provider took it and could not deliver it: ticket and code come by SMS, once; the operator is told."""
    files_one(cilacap, whatsapp)
    [dossier] = cilacap.dossiers()
    assert [("dropped", None, "known")] == letter_of_filing(cilacap)
    receipt = whatsapp.letters_to(SITI)[-1]
    for _ in range(2):
        whatsapp.deliver(whatsapp.status(receipt, "failed", errors=[{"code": UNDELIVERABLE}]))
        cilacap.works()
    [told] = modem.texts_to(f"+{SITI}")
    first = cilacap.history(dossier)[0]
    assert first.ticket in told, told  # type: ignore[attr-defined]
    assert "Kode lacak" in told
    assert [] == failures(cilacap, dossier)
    [alarm] = alarms(cilacap)
    assert str(UNDELIVERABLE) in alarm
    modem.report(modem.letters[-1], "delivered")
    cilacap.works()
    assert [("sent", "sms", None)] == letter_of_filing(cilacap)


def test_a_receipt_that_nothing_brings_is_the_coordinators_task(
    cilacap: Line, whatsapp: WhatsAppProvider, modem: PlayedGateway
) -> None:
    """When the last way has failed too, the log says so, once; and that somebody has it after all counts."""
    files_one(cilacap, whatsapp)
    [dossier] = cilacap.dossiers()
    receipt = whatsapp.letters_to(SITI)[-1]
    whatsapp.deliver(whatsapp.status(receipt, "failed", errors=[{"code": UNDELIVERABLE}]))
    cilacap.works()
    modem.report(modem.letters[-1], "failed")
    cilacap.works()
    assert [1] == [version for version, _, _ in failures(cilacap, dossier)]
    assert ["failed"] == [outcome for outcome, _, _ in letter_of_filing(cilacap)]
    whatsapp.deliver(whatsapp.status(receipt, "delivered"))
    cilacap.works()
    assert [("sent", "whatsapp", None)] == letter_of_filing(cilacap)
    assert 1 == len(modem.letters)


def test_a_receipt_that_is_refused_at_once_is_no_less_lost(
    cilacap: Line, whatsapp: WhatsAppProvider, modem: PlayedGateway
) -> None:
    """Whether the provider says so there and then or later, and whether the letter was looked at before or after."""
    whatsapp.deliver(whatsapp.text(SITI, "Jalan utama Desa Hanum berlubang dalam", name="Siti Rahayu"))
    cilacap.works()
    for each in ("Ya, kirim", "Siti Rahayu"):
        whatsapp.deliver(whatsapp.press(SITI, each))
        cilacap.works()
    whatsapp.deliver(whatsapp.text(SITI, "RT 02 RW 01 Hanum Dayeuhluhur"))
    cilacap.works()
    whatsapp.refusals = [UNDELIVERABLE]
    whatsapp.deliver(whatsapp.press(SITI, "Anonim"))
    cilacap.works()
    [told] = modem.texts_to(f"+{SITI}")
    assert "Kode lacak" in told


def test_a_mailed_receipt_that_comes_back_is_not_mailed_again(
    database_url: str, tmp_path: Path, box: ImapServer, smtp: MailServer
) -> None:
    """The one address there is takes nothing: that is the coordinator's task, and no second mail goes there."""
    smtp.file.unlink(missing_ok=True)
    with line(database_url, tmp_path, {"cilacap": book(box)}, {"cilacap.email.password": BOX}, smtp.url) as made:
        box.writes(COMPLAINT)
        comes(made)
        [dossier] = made.dossiers()
        [receipt] = smtp.taken_for(BY_MAIL)
        box.put(bounce(receipt))
        comes(made)
        assert [(1, "email", "mailbox_refused")] == failures(made, dossier)
        assert 1 == len(smtp.taken_for(BY_MAIL))


def test_a_receipt_is_said_however_much_was_said_before() -> None:
    """Nobody else tells the ticket; the brake holds for everything else."""
    talk = Talk(brake=Brake(minute=START, in_minute=A_MINUTE, day=START, in_day=A_DAY))
    _, said = braked(talk, [Say("help"), Say("filed", receipt="x")], [], START)
    assert ["filed"] == [each.key for each in said if isinstance(each, Say)]
