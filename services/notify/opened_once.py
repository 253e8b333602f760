"""A dossier's key for a while: what it has opened it need not open again for the next part of a letter."""

from dataclasses import dataclass, field
from typing import Any

from shared.domain.sealing import DataKey


@dataclass(frozen=True)
class OpenedOnce(DataKey):
    """A key that remembers what it has opened, until it is let go: no longer than a batch of letters takes.

    What it gives is the same each time, and is not to be changed.
    """

    _opened: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, key: DataKey) -> "OpenedOnce":
        """The same key, with nothing opened yet."""
        return cls(key.dossier, key.secret, key.randomness)

    def open(self, sealed: str, context: str) -> dict[str, Any]:
        """Open sealed data, the first time.

        :raises Unsealable: as :meth:`DataKey.open`.
        """
        what = (sealed, context)
        if what not in self._opened:
            self._opened[what] = super().open(sealed, context)
        return self._opened[what]
