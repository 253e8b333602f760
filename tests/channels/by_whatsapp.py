"""Somebody who complains by WhatsApp."""

from uuid import UUID

from cli.providers.whatsapp import WhatsAppProvider, text_of
from tests.channels.line import Line
from tests.channels.talking import COMPLAINT

SITI = "6281234567890"


def said(provider: WhatsAppProvider, number: str = SITI) -> str:
    """What was last sent to somebody."""
    return text_of(provider.letters_to(number)[-1])


def files_one(line: Line, provider: WhatsAppProvider, number: str = SITI, text: str = COMPLAINT) -> None:
    """Somebody complains, and answers what is asked."""
    provider.deliver(provider.text(number, text, name="Siti Rahayu"))
    line.works()
    provider.deliver(provider.press(number, "Ya, kirim"))
    line.works()
    provider.deliver(provider.press(number, "Siti Rahayu"))
    line.works()
    provider.deliver(provider.text(number, "RT 02 RW 01 Hanum Dayeuhluhur"))
    line.works()
    provider.deliver(provider.press(number, "Anonim"))
    line.works()


def at_the_office(line: Line, provider: WhatsAppProvider) -> UUID:
    """A complaint that has come to its office when its reporter has not written for more than a day: words go to them
    by a template only.
    """
    files_one(line, provider)
    [dossier] = line.dossiers()
    provider.open_windows = set()
    line.later(hours=30)
    line.forward_to_office(dossier)
    return dossier
