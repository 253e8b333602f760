"""A reporter's contacts on channels, as their complaint keeps them, in the order in which they are tried."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shared.channels.settings import EMAIL, ORIGIN
from shared.domain.dossier.events import ComplaintFiled, DossierEvent


@dataclass(frozen=True)
class ChannelContact:
    """A reporter on a channel, as the channel that filed their complaint left it there."""

    channel: str
    account: str
    person: UUID
    to: str


def by_channel(filed: DossierEvent) -> bool:
    """Whether a channel of ours has filed a complaint.

    What anybody else writes of contacts would have letters sent to whomever they name.
    """
    return isinstance(filed, ComplaintFiled) and filed.user == filed.channel


def contacts_of(complaint: dict[str, Any]) -> list[ChannelContact]:
    """The reporter's contacts on channels."""
    found = []
    for written in (complaint.get("reporter") or {}).get("contacts") or ():
        channel, _, rest = str(written).partition("/")
        account, _, rest = rest.partition("/")
        person, _, to = rest.partition("/")
        try:
            found.append(ChannelContact(channel, account, UUID(person), to))
        except ValueError:
            continue
    return found


def ordered(ways: Iterable[str], origin: str, contacts: Sequence[ChannelContact]) -> list[ChannelContact | None]:
    """The ways in the order in which they are tried; none stands for mail.

    :param ways: as the government orders them.
    :param origin: the channel by which the complaint came.
    """
    found: list[ChannelContact | None] = []
    for way in ways:
        if way == EMAIL:
            found.append(None)
            continue
        channel = origin if way == ORIGIN else way
        found += [each for each in contacts if each.channel == channel and each not in found]
    return found
