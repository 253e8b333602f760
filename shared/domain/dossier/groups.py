"""Complaints of several reporters about one thing: one dossier goes on and is answered for all."""

from dataclasses import dataclass
from uuid import UUID

from shared.domain.dossier.event import DossierEvent


@dataclass(frozen=True, kw_only=True)
class Merged(DossierEvent):
    """A duplicate of another dossier, which is answered for both. Sealed: reason.

    :param into: the dossier that goes on.
    :param into_ticket: its ticket.
    """

    into: UUID
    into_ticket: str | None = None


@dataclass(frozen=True, kw_only=True)
class MemberJoined(DossierEvent):
    """A duplicate was merged into this dossier.

    :param member: the duplicate.
    :param members: how many complaints the group has now, this one included.
    """

    member: UUID
    members: int


@dataclass(frozen=True, kw_only=True)
class MemberLeft(DossierEvent):
    """A duplicate was none after all: it goes its own way again.

    :param member: the dossier that left.
    :param members: how many complaints the group has now, this one included.
    """

    member: UUID
    members: int
