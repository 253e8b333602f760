"""What went shortened, by a template, is sent in full when its reader asks: and if that fails, it was not told."""

from typing import Any
from uuid import UUID

import pytest

from cli.providers.sms import PlayedGateway
from cli.providers.whatsapp import WhatsAppProvider, text_of
from tests.channels.by_whatsapp import SITI, files_one
from tests.channels.conftest import SMS
from tests.channels.line import Line
from tests.channels.test_receipts import failures

UNDELIVERABLE = 131026
ANSWER = "Jalan Hanum sudah ditambal seluruhnya kemarin."


def _answered_by_template(line: Line, provider: WhatsAppProvider) -> tuple[UUID, dict[str, Any]]:
    """A complaint whose answer was announced by the plainest template, and read; and the template's letter."""
    files_one(line, provider)
    [dossier] = line.dossiers()
    line.later(hours=30)
    line.forward_to_office(dossier)
    provider.refusals = [132015]  # that of answers is paused
    line.act(dossier, "answer", text=ANSWER)
    line.works()
    template = provider.letters_to(SITI)[-1]
    assert "aduan_kabar" == template["template"]["name"]
    provider.deliver(provider.status(template, "delivered"))
    line.works()
    return dossier, template


def _presses(line: Line, provider: WhatsAppProvider, template: dict[str, Any]) -> None:
    at = int(line.clock.now().timestamp())
    button = {"payload": "Baca lengkap", "text": "Baca lengkap"}
    pressed = {"type": "button", "button": button, "context": {"id": template["wamid"]}}
    provider.deliver(provider.message(SITI, pressed, at=at))
    line.works()


def _whole(provider: WhatsAppProvider) -> dict[str, Any]:
    return next(each for each in provider.letters_to(SITI) if ANSWER in text_of(each))


def _outcome(line: Line, dossier: UUID) -> list[tuple[Any, ...]]:
    """What the book says of the letter of the answer."""
    version = line.types(dossier).index("Answered") + 1
    return line.rows(
        "SELECT outcome, way FROM notify.messages WHERE recipient = 'reporter' AND dossier = %s AND version = %s",
        str(dossier),
        version,
    )


@pytest.mark.parametrize("late", [False, True])
def test_the_whole_that_fails_goes_by_the_next_way(
    by_two_ways: Line, whatsapp: WhatsAppProvider, modem: PlayedGateway, late: bool
) -> None:
    """By SMS, once; also where the provider tells only then that the template was read."""
    dossier, template = _answered_by_template(by_two_ways, whatsapp)
    _presses(by_two_ways, whatsapp, template)
    assert [] == modem.texts_to(f"+{SITI}")
    whole = _whole(whatsapp)
    for _ in range(2):
        whatsapp.deliver(whatsapp.status(whole, "failed", errors=[{"code": UNDELIVERABLE}]))
        if late:
            whatsapp.deliver(whatsapp.status(template, "read"))
        by_two_ways.works()
    [told] = modem.texts_to(f"+{SITI}")
    assert "CLP-" in told
    modem.report(modem.letters[-1], "delivered")
    by_two_ways.works()
    assert [("sent", "sms")] == _outcome(by_two_ways, dossier)
    assert [] == failures(by_two_ways, dossier)


def test_the_whole_that_nothing_brings_is_the_coordinators_task(
    by_two_ways: Line, whatsapp: WhatsAppProvider, modem: PlayedGateway
) -> None:
    """When the last way has failed too; and that it arrived after all counts in the end."""
    dossier, template = _answered_by_template(by_two_ways, whatsapp)
    _presses(by_two_ways, whatsapp, template)
    whole = _whole(whatsapp)
    whatsapp.deliver(whatsapp.status(whole, "failed", errors=[{"code": UNDELIVERABLE}]))
    by_two_ways.works()
    modem.report(modem.letters[-1], "failed")
    by_two_ways.works()
    assert 1 == len(failures(by_two_ways, dossier))
    assert ["failed"] == [outcome for outcome, _ in _outcome(by_two_ways, dossier)]
    whatsapp.deliver(whatsapp.status(whole, "delivered"))
    by_two_ways.works()
    assert [("sent", "whatsapp")] == _outcome(by_two_ways, dossier)


@pytest.mark.parametrize("sms", [SMS.replace("    gateways:", "    trust_acceptance: true\n    gateways:")])
def test_the_whole_that_a_trusted_way_loses_too_is_the_coordinators_task(
    by_two_ways: Line, whatsapp: WhatsAppProvider, modem: PlayedGateway
) -> None:
    """What it had taken counted as told until it came back: that the announcement was read tells nobody the answer."""
    dossier, template = _answered_by_template(by_two_ways, whatsapp)
    _presses(by_two_ways, whatsapp, template)
    whatsapp.deliver(whatsapp.status(_whole(whatsapp), "failed", errors=[{"code": UNDELIVERABLE}]))
    by_two_ways.works()
    assert [("sent", "sms")] == _outcome(by_two_ways, dossier)
    modem.report(modem.letters[-1], "failed")
    by_two_ways.works()
    assert 1 == len(failures(by_two_ways, dossier))
    assert ["failed"] == [outcome for outcome, _ in _outcome(by_two_ways, dossier)]
