"""Somebody who complains by WhatsApp."""

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
