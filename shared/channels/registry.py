"""Which kinds of channels there are: ours, and those that somebody else's package brings.

A package adds one by an entry point of the group ``aduan.channels`` that names an object of the shape :class:`Kind`;
nothing else changes. See ``docs/channels.md``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any, Final, Protocol

from marshmallow import Schema

from shared.channels.carrier import Carrier, Learning, Seeing
from shared.channels.incoming import Incoming, MediaSource
from shared.channels.polled import Polled
from shared.channels.secrets import Secrets

GROUP: Final = "aduan.channels"
_OURS: Final[Mapping[str, str]] = {
    "whatsapp": "shared.channels.kinds.whatsapp",
    "sms": "shared.channels.kinds.sms",
    "telegram": "shared.channels.kinds.telegram",
    "mail": "shared.channels.kinds.mail",
    "open311": "shared.channels.kinds.open311",
}
"""The module of each kind that comes with Aduan, which holds it under the name ``kind``."""


@dataclass(frozen=True)
class Spec:
    """One channel of a government, as its ``channels.yaml`` says.

    :param id: the SOP's name of it.
    :param extra: whether the SOP does not name it, and the government says so.
    :param options: what its kind wants to know.
    """

    id: str
    kind: str
    extra: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ChannelPlace:
    """Where a channel stands.

    :param hook: the public address of its way in, for what providers call back.
    """

    tenant: str
    hook: str


@dataclass(frozen=True)
class Channel:
    """A channel, ready.

    :param incoming: its way in, if it has one.
    :param carriers: its ways out, by account; the first is used for who has not written by any.
    :param writes_by: the account by which letters go, whichever somebody has written to; none: by that one.
    :param seeing: by account, where people are shown that what they wrote was read.
    :param learning: by account, what learns from later words of its provider.
    :param media: where the files of its messages are.
    :param polled: where its messages are fetched, if nobody delivers them.
    :param letters: whether each message is a whole letter: filed at once, without a conversation.
    :param keys: where those of programs are, of a channel that programs call.
    """

    spec: Spec
    incoming: Incoming | None = None
    carriers: Mapping[str, Carrier] = field(default_factory=dict)
    media: MediaSource | None = None
    polled: Polled | None = None
    letters: bool = False
    keys: Secrets | None = None
    seeing: Mapping[str, Seeing] = field(default_factory=dict)
    learning: Mapping[str, Learning] = field(default_factory=dict)
    writes_by: str | None = None

    @property
    def account(self) -> str | None:
        """From where who has not written is written to; none if nothing can be sent."""
        return next(iter(self.carriers), None)


class Kind(Protocol):
    """A kind of channel."""

    @property
    def options(self) -> type[Schema]:
        """What ``channels.yaml`` says of such a channel, beside ``id``, ``kind`` and ``extra``."""

    def build(self, spec: Spec, place: ChannelPlace, secrets: Secrets) -> Channel:
        """The channel. Reads no secret yet and connects to nothing: both come when something is to be done."""


class UnknownKind(LookupError):
    """A kind that nobody brings.

    :param known: the names of those that there are.
    """

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        self.known = known
        super().__init__(f"there is no kind of channel {name!r}")


def kinds() -> tuple[str, ...]:
    """The names of all kinds, in alphabetical order."""
    return tuple(sorted({*_OURS, *(each.name for each in entry_points(group=GROUP))}))


@cache
def kind_of(name: str) -> Kind:
    """The kind of that name.

    :raises UnknownKind: if there is none.
    """
    if name in _OURS:
        ours: Kind = import_module(_OURS[name]).kind
        return ours
    for each in entry_points(group=GROUP, name=name):
        found: Kind = each.load()
        return found
    raise UnknownKind(name, kinds())
