"""The port by which a channel takes in: what a provider delivers, split into single items and understood."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, Literal, Protocol

Raw = Mapping[str, Any]
"""One item of a delivery as it came, with all that is needed to read it again later: JSON."""

HeardKind = Literal["text", "choice", "media", "place", "contact", "reaction", "edit", "revoke", "moved", "unreadable"]
"""``moved``: not their word, but the provider's, that they are known by other ids now."""
ReportState = Literal["accepted", "sent", "delivered", "read", "failed"]
REPORT_STATES: Final[tuple[ReportState, ...]] = ("accepted", "sent", "delivered", "read", "failed")


NO_TIME: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""When something was said whose provider tells no time, or none that can be read: it is taken for when it came.

Nobody's words are put aside for a clock."""

FORWARDED: Final = "forwarded"
"""What was said is somebody else's message."""
REFERRED: Final = "referred"
"""Who wrote came by an advertisement or a link that leads to us."""
UNVERIFIED: Final = "unverified"
"""The sender may be another: whoever could vouch for them does not."""
UNVOUCHED: Final = "unvouched"
"""The sender may be another: there is nobody who could vouch for anybody."""
BY_ITSELF: Final = "by_itself"
"""Their mailbox answered a letter of ours in their absence: kept for whoever waits for them, and never answered."""


class Unsigned(Exception):
    """A delivery that does not prove whose it is. The text is a code for the log, and quotes nothing of it."""


@dataclass(frozen=True)
class Request:
    """What came over HTTP.

    :param method: ``GET`` or ``POST``.
    :param path: behind the channel's own address, e.g. ``modem/report``; blank for the address itself.
    :param url: the public address that was asked, with its query, for signatures that cover it.
    :param headers: by name in small letters.
    :param query: the last value of each parameter.
    :param form: likewise, of a form body.
    :param at: when it came, by the installation's clock: some providers tell no time.
    """

    method: str
    path: str
    url: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    form: Mapping[str, str]
    body: bytes
    at: datetime


@dataclass(frozen=True)
class Answer:
    """What the provider wants to hear."""

    status: int = 200
    body: bytes = b""
    content_type: str = "text/plain; charset=utf-8"


@dataclass(frozen=True)
class Sender:
    """Who wrote, by every id that the provider tells.

    :param ids: by kind (``phone`` in E.164, ``wa``, ``bsuid``, ``telegram``, ``mail``), the steadiest first.
    :param to: what is written to, exactly as the provider tells it.
    :param name: as the person calls themselves there.
    :param former: ids by which they were known until now, likewise.
    """

    ids: Mapping[str, str]
    to: str
    name: str = ""
    former: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class MediaRef:
    """A file that a message holds, still at the provider.

    :param id: under which it is fetched.
    :param size: in bytes, where that is told.
    :param content: where it came with the message.
    """

    id: str
    type: str = ""
    name: str = ""
    sha256: str = ""
    size: int = 0
    content: bytes = field(repr=False, default=b"")


@dataclass(frozen=True)
class Pin:
    """A pin, perhaps with words."""

    lat: float
    lon: float
    text: str = ""


@dataclass(frozen=True)
class SmsPart:
    """Which part of a longer message this is.

    :param reference: common to its parts; it comes round again.
    :param number: from 1.
    """

    reference: str
    total: int
    number: int


@dataclass(frozen=True, kw_only=True)
class Heard:
    """One message of a person, as a channel understood it.

    :param account: our number, mailbox or bot.
    :param message_id: the provider's, unique within channel and account.
    :param at: the provider's time of it.
    :param choice: the id of what was pressed.
    :param subject: of a letter.
    :param number: of a contact that is the sender's own, by the provider's word: the number in E.164.
    :param quotes: the provider's id of the message of ours that is replied to; of an edit or a revocation, of theirs;
        of a letter all that it may answer, the likeliest first, a blank between them.
    :param note: what else a desk should know of it, as a code: :data:`FORWARDED`, :data:`REFERRED`, :data:`UNVERIFIED`,
        :data:`UNVOUCHED` or :data:`BY_ITSELF`.
    :param timed: whether the ids cannot be trusted and the time can: the same words of the same person at the same
        second are then one message, whatever ids they bear.
    :param part: where it is a part of a longer message; none where it is whole.
    :param halves: whether only the text of a part can hold halves of letters, and those are to be kept for the others.
    """

    account: str
    message_id: str
    sender: Sender
    at: datetime
    kind: HeardKind
    text: str = ""
    subject: str = ""
    choice: str = ""
    media: tuple[MediaRef, ...] = ()
    place: Pin | None = None
    number: str = ""
    quotes: str = ""
    note: str = ""
    timed: bool = False
    part: SmsPart | None = None
    halves: bool = False


@dataclass(frozen=True, kw_only=True)
class Reported:
    """What became of a letter of ours, by the provider's word.

    :param provider_id: blank if only our own key is told.
    :param key: our key, where the provider carries it through.
    :param part: of a letter in several parts, where each is reported.
    :param code: the provider's reason of a failure.
    """

    account: str
    provider_id: str
    key: str
    state: ReportState
    at: datetime
    part: str = ""
    code: str = ""


@dataclass(frozen=True)
class Odd:
    """An item that cannot be used: kept with its reason, never answered.

    :param reason: a code; what stands behind a blank is for whoever looks.
    :param trouble: what the operator has to hear of at once, in the provider's words; blank of most.
    :param unread: whether a person may have written it, and nobody has read it.
    """

    reason: str
    trouble: str = ""
    unread: bool = False


class Incoming(Protocol):
    """A channel's way in."""

    def verify(self, request: Request, now: datetime) -> None:
        """Make sure that the provider sent it.

        :param now: the machine's time: signatures age by it.
        :raises Unsigned: if that is not proven.
        """

    def split(self, request: Request) -> Sequence[Raw]:
        """Every message and every status of a delivery, each on its own; of what is no delivery nothing.

        :raises Invalid: if it says a thing twice.
        """

    def read(self, raw: Raw) -> Heard | Reported | Odd:
        """Understand one item: the same whenever it is read."""

    def item_id(self, raw: Raw) -> str:
        """The provider's id of a message, by which it is known when it comes again."""

    def answer(self, request: Request) -> Answer:
        """What a good delivery is answered with."""


@dataclass(frozen=True)
class Fetched:
    """A file's content.

    :param type: as the provider tells it; what it is shows its content.
    """

    content: bytes = field(repr=False)
    type: str = ""


class MediaGone(Exception):
    """A file that is no longer at the provider, or is none that it would give."""


class MediaSource(Protocol):
    """A channel whose messages hold files."""

    def fetch(self, media: MediaRef, most: int) -> Fetched:
        """The content, by a fresh look-up.

        :param most: bytes that are read.
        :raises MediaGone: for good.
        :raises Maybe: for now, see :mod:`shared.channels.carrier`.
        """
