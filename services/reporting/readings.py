"""Complaints opened in memory: what they say, as of any place in the log."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self
from uuid import UUID

from shared.application.dossiers.codec import decode
from shared.application.runtime import Runtime
from shared.base.turns import in_turns
from shared.domain.dossier.contents import GIVING, complaint_of
from shared.domain.dossier.events import Classified, ComplaintFiled, DossierEvent, Supplemented
from shared.domain.likeness.matter import Matter, matter_of
from shared.domain.sealing import DataKey
from shared.store.eventstore.reading import read_dossiers

_OF_THE_COMPLAINT: Final = tuple(each.__name__ for each in (*GIVING, Classified))


@dataclass(frozen=True)
class Readings:
    """Some complaints.

    :param histories: their events that say what they are about, each with its place in the log.
    :param keys: by dossier; none for one that was erased, which then says nothing.
    """

    histories: Mapping[UUID, list[tuple[int, DossierEvent]]]
    keys: Mapping[UUID, DataKey | None]
    _whole: dict[UUID, dict[str, Any]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, runtime: Runtime, cursor: Any, dossiers: Collection[UUID]) -> Self:
        """Read them.

        :param cursor: on which the log is read and the keys are fetched.
        """
        histories: dict[UUID, list[tuple[int, DossierEvent]]] = {}
        for recorded in in_turns(read_dossiers(cursor, dossiers, _OF_THE_COMPLAINT)):
            histories.setdefault(recorded.dossier, []).append((recorded.position, decode(recorded)))
        return cls(histories, runtime.vault.keys(cursor, list(dossiers)))

    @property
    def tenants(self) -> dict[UUID, str]:
        """Whose each of them is."""
        return {dossier: history[0][1].tenant for dossier, history in self.histories.items()}

    def filed(self, dossier: UUID) -> ComplaintFiled | None:
        """How it was filed; none if it is not known."""
        first = next((event for _, event in self.histories.get(dossier, ())), None)
        return first if isinstance(first, ComplaintFiled) else None

    def complaint(self, dossier: UUID, upto: int | None = None) -> dict[str, Any]:
        """What it says; nothing where its key is gone. Not to be changed.

        :param upto: the last place in the log that counts; all unless given.
        """
        if upto is None and dossier in self._whole:
            return self._whole[dossier]
        key = self.keys.get(dossier)
        said = {} if key is None else complaint_of(self._until(dossier, upto), key)
        if upto is None:
            self._whole[dossier] = said
        return said

    def matter(self, dossier: UUID, upto: int | None = None) -> Matter | None:
        """What it is about; none where it cannot be known (any more)."""
        complaint, filed = self.complaint(dossier, upto), self.filed(dossier)
        return matter_of(complaint, filed.occurred_at) if complaint and filed is not None else None

    def category(self, dossier: UUID, upto: int | None = None) -> str | None:
        """Its category as a person has it, the reporter or an officer; none where only the system has guessed one."""
        category: str | None = None
        for event in self._until(dossier, upto):
            if isinstance(event, Classified) and event.by != "officer":
                continue
            if isinstance(event, ComplaintFiled | Supplemented | Classified):
                category = event.category or category
        return category

    def _until(self, dossier: UUID, upto: int | None) -> list[DossierEvent]:
        return [event for at, event in self.histories.get(dossier, ()) if upto is None or at <= upto]
