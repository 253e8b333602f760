"""What a format of gateway is: how its messages and reports are read, and how it is asked to send."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, Protocol
from urllib.parse import urlencode

from shared.base.whole_numbers import whole_number
from shared.channels.carrier import Taken
from shared.channels.halves import lacks_letters, mended, unwritten
from shared.channels.incoming import NO_TIME, Answer, Heard, MediaRef, Odd, Raw, Reported, Request, Sender, SmsPart
from shared.channels.numbers import persons_number
from shared.channels.secrets import Secrets

MOST_HEARD: Final = 20
"""Parts of one message of a person's; what says that it has more is taken as it comes."""


@dataclass(frozen=True)
class SmsGateway:
    """One gateway of a government's.

    :param id: its name in ``channels.yaml``: the account of what goes through it.
    :param options: what else stands there: ``send_url``, ``username``, ``service``.
    :param number: the government's own.
    :param hook: the public address of the gateway's way in.
    """

    id: str
    format: str
    secrets: Secrets
    options: Mapping[str, Any] = field(default_factory=dict)
    number: str = ""
    hook: str = ""

    @property
    def url(self) -> str:
        """Where it is asked to send."""
        return str(self.options.get("send_url") or "")

    def report_address(self, **told: str) -> str:
        """Where it tells what became of a letter, with the key that proves it; a key may hold any sign.

        :param told: what it is to tell besides.
        """
        secret = self.secrets.find("key")
        query = urlencode({**({"key": secret} if secret else {}), **told})
        return f"{self.hook}/report" + (f"?{query}" if query else "")


class Format(Protocol):
    """A format of gateways."""

    keyed: bool
    """Whether it has no signature of its own, so that a key stands in our address."""

    credential: str
    """The name of the secret with which it is asked to send."""

    def verify(self, gateway: SmsGateway, request: Request, now: datetime) -> None:
        """Where it signs: make sure of the signature.

        :raises Unsigned: if that is not proven.
        """

    def split(self, request: Request) -> Sequence[Raw]:
        """The items of a delivery; a report bears ``report``."""

    def item_id(self, raw: Raw) -> str:
        """The gateway's id of a message, or one made of what tells it from others."""

    def read(self, gateway: SmsGateway, raw: Raw) -> Heard | Reported | Odd:
        """One item."""

    def answer(self, request: Request) -> Answer:
        """What it wants to hear. Whatever is answered beyond that goes to the person as an SMS."""

    def send(self, client: Any, gateway: SmsGateway, to: str, text: str, key: str) -> Taken:
        """Have a text sent.

        :raises Refused: if it was not taken.
        :raises Maybe: if nobody knows.
        """

    @property
    def reports_delivery(self) -> bool:
        """Whether it tells when a message has arrived."""


def heard(
    gateway: SmsGateway,
    *,
    id_: str,
    sender: str,
    at: datetime,
    text: str,
    tells_time: bool = True,
    part: SmsPart | None = None,
    media: Sequence[MediaRef] = (),
) -> Heard | Odd:
    """A person's message; what a machine or a short code sends is odd, and never answered.

    :param tells_time: whether the time is the centre's: then the same words at the same second are the same message.
    :param part: where the gateway hands over parts singly.
    :param media: the files of an MMS.
    """
    number = persons_number(sender)
    if number is None:
        return Odd("no_person")
    if number == persons_number(gateway.number):
        return Odd("our_own_number")
    if lacks_letters(text, part.number if part else 1, part.total if part else 1):
        return Odd("undecodable")  # no question mark stands for what a person wrote
    return Heard(
        account=gateway.id,
        message_id=mended(id_),
        sender=Sender({"phone": number}, number),
        at=at,
        kind="media" if media else "text",
        media=tuple(media),
        text=mended(unwritten(text)) if part is None else unwritten(text),
        timed=tells_time,
        part=part,
        halves=True,
    )


def part_of(reference: str, total: str, number: str) -> SmsPart | None:
    """Which part a gateway says that this is; none if it is whole, or says what cannot be."""
    of, place = whole_number(total), whole_number(number)
    if not reference or not of or not place:
        return None
    return SmsPart(mended(reference), of, place) if 1 < of <= MOST_HEARD and place <= of else None


def instant(told: str) -> datetime:
    """An instant as gateways write it: ISO 8601, or ``2026-10-05 01:00:00`` in UTC.

    :returns: :data:`~shared.channels.incoming.NO_TIME` if it is none.
    """
    try:
        found = datetime.fromisoformat(told.strip())
    except ValueError:
        return NO_TIME
    return found if found.tzinfo else found.replace(tzinfo=UTC)
