"""Telephones of people who do not exist: a demo has some, so that its visitors see both sides of a conversation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Telephone:
    """One of them.

    :param tenant: the government to which it writes.
    :param way: the procedure's name of the channel by which it does.
    :param number: its own, international and without a sign, e.g. ``628121234567``.
    """

    tenant: str
    way: str
    number: str

    @property
    def name(self) -> str:
        """By which it is told from all others."""
        return f"{self.tenant}-{self.way}-{self.number}"


@dataclass(frozen=True)
class Said:
    """What stands on a telephone.

    :param own: whether it was written there; received otherwise.
    """

    own: bool
    text: str


class PlayedTelephones(Protocol):
    """All of them, and the providers by which they write."""

    def all(self) -> Sequence[Telephone]:
        """Those that there are, in an order that stays."""

    def said(self, telephone: Telephone) -> Sequence[Said]:
        """What was written and received there, in its order."""

    def write(self, telephone: Telephone, text: str, at: datetime) -> None:
        """Send a message from there.

        :param at: the simulated instant.
        """

    def report(self) -> bool:
        """Have the providers tell what has arrived since; whether there was anything."""
