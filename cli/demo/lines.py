"""Between the demo's telephones and a government: its provider, and what one telephone wrote and received by it."""

from dataclasses import dataclass, field
from datetime import datetime

from cli.providers.sms import PlayedGateway
from cli.providers.whatsapp import WhatsAppProvider, choices_of, text_of
from portal.telephones import Said


@dataclass
class Line:
    """One provider of one government's.

    :param tenant: the government's id.
    :param way: the SOP's name of the channel.
    """

    tenant: str
    way: str
    provider: WhatsAppProvider | PlayedGateway
    reported: int = 0

    def says(self, number: str, text: str, at: datetime) -> None:
        """Somebody writes."""
        if isinstance(self.provider, WhatsAppProvider):
            self.provider.deliver(self.provider.text(number, text, at=int(at.timestamp())))
        else:
            self.provider.text(f"+{number}", text, at=at)

    def sends_photo(self, number: str, content: bytes, at: datetime) -> None:
        """Somebody sends a photo, where that can be."""
        if isinstance(self.provider, WhatsAppProvider):
            self.provider.deliver(self.provider.photo(number, content, at=int(at.timestamp())))

    def heard(self, number: str) -> list[str]:
        """What somebody has received, with what they may press."""
        if isinstance(self.provider, WhatsAppProvider):
            letters = self.provider.letters_to(number)
            return [text_of(each) + "".join(f" [{title}]" for _, title in choices_of(each)) for each in letters]
        return self.provider.texts_to(f"+{number}")

    def report(self) -> bool:
        """Tell of whatever was taken since that it has arrived; whether there was anything."""
        fresh = self.provider.letters[self.reported :]
        self.reported += len(fresh)  # before they are told of, which lets others look
        for letter in fresh:
            if isinstance(self.provider, WhatsAppProvider):
                self.provider.deliver(self.provider.status(letter, "delivered"))
            else:
                self.provider.report(letter, "delivered")
        return bool(fresh)


@dataclass
class Exchanged:
    """What was written and received on one telephone, in its order.

    :param line: by which it writes.
    :param number: its own, without a sign before it.
    :param received: how many letters stand among what was said.
    """

    line: Line
    number: str
    said: list[Said] = field(default_factory=list)
    received: int = 0

    def write(self, text: str, at: datetime) -> None:
        """Send a message; what came before it stands before it."""
        self.listen()
        self.said.append(Said(own=True, text=text))
        self.line.says(self.number, text, at)

    def listen(self) -> None:
        """Note what has come since it was last looked at."""
        fresh = [Said(own=False, text=each) for each in self.line.heard(self.number)[self.received :]]
        self.received += len(fresh)
        self.said += fresh
