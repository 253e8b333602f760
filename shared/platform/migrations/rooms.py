"""Which rooms keep tables."""

from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from shared.platform.migrations.step import MigrationStep, steps_in

_ROOT = Path(__file__).resolve().parents[3]
_FIRST = ("eventstore", "vault")  # what the others stand on; then by name, shared rooms before services


@dataclass(frozen=True)
class Room:
    """A room with tables of its own.

    :param name: the room's name and that of its PostgreSQL schema.
    :param folder: its ``migrations`` folder.
    """

    name: str
    folder: Path

    @cached_property
    def steps(self) -> tuple[MigrationStep, ...]:
        """Its history, in order.

        :raises ValueError: if that is not written down properly.
        """
        return steps_in(self.name, self.folder / "versions")

    @property
    def views(self) -> str | None:
        """The SQL of its views, if it has any."""
        return self._text("views.sql")

    @property
    def every_time(self) -> str | None:
        """The SQL that is run at every migrate, whatever was done before, if it has any."""
        return self._text("every_time.sql")

    def _text(self, name: str) -> str | None:
        file = self.folder / name
        return file.read_text(encoding="utf-8") if file.exists() else None


@cache
def rooms() -> tuple[Room, ...]:
    """All rooms that have migrations, in the order in which they are migrated; looked for and read once."""
    return rooms_in(_ROOT)


def rooms_in(root: Path) -> tuple[Room, ...]:
    """Likewise in a folder, as it is now.

    :param root: what holds ``shared`` and ``services``.
    """
    found = [
        Room(name=versions.parent.parent.name, folder=versions.parent)
        for parent in ("shared", "services")
        for versions in sorted((root / parent).rglob("migrations/versions"))
        if any(versions.glob("[0-9]*"))
    ]
    return tuple(sorted(found, key=lambda room: _FIRST.index(room.name) if room.name in _FIRST else len(_FIRST)))
