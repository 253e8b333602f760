"""The port to another system that holds the same complaints, where its owners allow more than files.

A package brings an adapter by an entry point of the group ``aduan.bridges``. What it fetches is a table in the columns
of that system's own export, what it sends the table that would have gone back as a file: layout, numbers, conflicts
and the rule against double entry are the same, whichever way a table travels.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import Final, Protocol

from shared.channels.secrets import Secrets

GROUP: Final = "aduan.bridges"


@dataclass(frozen=True)
class ForeignTable:
    """A table as the other system has it, or gets it.

    :param headings: of the columns.
    :param rows: as many cells each; none where there is nothing.
    """

    headings: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]


class ForeignSystem(Protocol):
    """An open way to another system."""

    def fetch(self) -> ForeignTable:
        """Its complaints, as its export would have them.

        :raises BridgeAway: if it does not answer.
        """

    def send(self, table: ForeignTable) -> Mapping[str, str]:
        """Bring over what became of complaints; the same table once more changes nothing there.

        :returns: what was not taken: why, by the number in the first column.
        :raises BridgeAway: if it does not answer.
        """


class BridgeKind(Protocol):
    """What an entry point names."""

    def open(self, tenant: str, secrets: Secrets) -> ForeignSystem:
        """The way to the system for one government. Connects to nothing yet.

        :param secrets: files ``<tenant>.<name of the entry point>.<what>`` of ``ADUAN_SECRETS_DIR``.
        """


class BridgeAway(Exception):
    """The other system does not answer, or does not let us in. The text says which; it holds no secret."""


class UnknownBridge(LookupError):
    """A way that nobody brings.

    :param known: the names of those that there are.
    """

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        self.known = known
        super().__init__(f"no installed package brings a bridge named {name!r}")


def bridge_to(name: str, tenant: str, secrets: Secrets) -> ForeignSystem:
    """The way of that name, for one government.

    :raises UnknownBridge: if no installed package brings it.
    """
    for each in entry_points(group=GROUP, name=name):
        kind: BridgeKind = each.load()
        return kind.open(tenant, secrets)
    raise UnknownBridge(name, tuple(sorted(each.name for each in entry_points(group=GROUP))))
