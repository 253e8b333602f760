"""What of a complaint tells which matter it is about: its words, its place, its time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.domain.classifying.language import language
from shared.domain.classifying.reading import spoken


@dataclass(frozen=True)
class Matter:
    """One complaint, read in memory only.

    :param stems: of its words in their order, without those that only join; names of streets stay, since they tell
        one street's holes from another's.
    :param lat: latitude, degrees; none where no point was given.
    :param lon: longitude, likewise.
    :param desa: the village, as the government's list has it.
    :param kecamatan: the sub-district, likewise.
    :param at: when it was filed.
    """

    stems: tuple[str, ...]
    at: datetime
    lat: float | None = None
    lon: float | None = None
    desa: str | None = None
    kecamatan: str | None = None


def matter_of(complaint: Mapping[str, Any], at: datetime) -> Matter:
    """The matter of a complaint.

    :param complaint: as :func:`shared.domain.dossier.contents.complaint_of` gives it.
    :param at: when it was filed.
    """
    place = complaint.get("location") or {}
    lat, lon = place.get("lat"), place.get("lon")
    if not isinstance(lat, int | float) or not isinstance(lon, int | float):
        lat = lon = None
    return Matter(stems_of(complaint), at, lat, lon, place.get("desa"), place.get("kecamatan"))


def stems_of(complaint: Mapping[str, Any]) -> tuple[str, ...]:
    """The stems of a complaint's title, message and additions; what stands beyond some 2,000 letters is not read."""
    additions = [each.get("message") for each in complaint.get("additions") or []]
    text = "\n".join(str(part) for part in (complaint.get("title"), complaint.get("message"), *additions) if part)
    joining = language().joining
    return tuple(stem for word, stem in spoken(text) if word not in joining)
