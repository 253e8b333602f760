"""What of a complaint an event says in clear, and what it seals.

In clear stand the entries of the government's lists, the class, the channel, and what privacy was asked for. Whatever
tells who reported, and every text in somebody's own words, is sealed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any, Final

from shared.base.times import from_iso
from shared.domain.complaint.sides import AS_WRITTEN
from shared.domain.entries import Entries

_PRIVATE: Final = ("reporter", "title", "message", "attachments", "external_id", "occurred_at")
_EXACT: Final = ("lat", "lon", "text")
"""What of a place only whoever may read the complaint is told."""


@dataclass(frozen=True)
class FilingSheet:
    """A filing or a supplement, told apart.

    :param clear: ``kecamatan``, ``desa``, ``category``, ``classification``: an entry of a list, or none.
    :param private: what is sealed, in the shape of a complaint.
    """

    clear: Mapping[str, str | None]
    private: Mapping[str, Any]

    @property
    def given(self) -> dict[str, Any]:
        """As :func:`shared.domain.dossier.contents.given_in` will read it from the event."""
        place = {name: self.clear[name] for name in ("kecamatan", "desa") if self.clear[name]}
        kinds = {name: self.clear[name] for name in ("category", "classification") if self.clear[name]}
        exact = self.private.get("location") or {}
        location = {"location": {**place, **exact}} if place or exact else {}
        return {**self.private, **kinds, **location}


def sheet_of(complaint: Mapping[str, Any], entries: Entries, now: datetime, zone: tzinfo = UTC) -> FilingSheet:
    """Tell a complaint's clear fields from its private ones.

    :param complaint: as the complaint's or the supplement's schema gives it.
    :param entries: the names that may stand in clear.
    :param now: a time that is still to come is kept as words.
    :param zone: in which such a time is written down: a government's people write their own.
    """
    place = complaint.get("location") or {}
    named = {
        "location.kecamatan": (place.get("kecamatan"), entries.kecamatan(place.get("kecamatan"))),
        "location.desa": (place.get("desa"), entries.desa(place.get("desa"))),
        "category": (complaint.get("category"), entries.category(complaint.get("category"))),
    }
    written = {
        **(complaint.get(AS_WRITTEN) or {}),
        **{name: own for name, (own, entry) in named.items() if own and not entry},
    }
    private = {name: complaint[name] for name in _PRIVATE if complaint.get(name)}
    if "occurred_at" in private and from_iso(private["occurred_at"]) > now:
        written["occurred_at"] = _local(private.pop("occurred_at"), zone)
    exact = {name: place[name] for name in _EXACT if place.get(name) is not None}
    if exact:
        private["location"] = exact
    if written:
        private[AS_WRITTEN] = written
    clear = {name.rpartition(".")[2]: entry for name, (_, entry) in named.items()}
    return FilingSheet({**clear, "classification": complaint.get("classification")}, private)


def _local(written: str, zone: tzinfo) -> str:
    try:
        return from_iso(written).astimezone(zone).isoformat()
    except OverflowError:  # the last hours of the calendar
        return written
