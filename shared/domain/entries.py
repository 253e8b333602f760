"""The names that a government's lists know: its sub-districts and villages, and the categories of complaints.

Only an entry of these lists may stand in clear in events, letters and figures, in the list's own spelling. What is no
entry is somebody's own words, and may name a person.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from shared.base.names import canonical, entry_form
from shared.domain.sop.model import Sop
from shared.domain.sop.reading.agencies import Agency
from shared.wording.yaml_lines import FileError

PLACES: Final = "wilayah.csv"
CATEGORIES: Final = "categories.csv"
_REFERENCE: Final = "_reference"

_KECAMATAN: Final = ("kecamatan ", "kec. ", "kec.", "kec ")
_DESA: Final = ("desa ", "ds. ", "ds.", "ds ", "kelurahan ", "kel. ", "kel.", "kel ")
"""What people put before a place's name, in canonical form."""


@dataclass(frozen=True)
class Entries:
    """The lists, by canonical name to the list's own spelling."""

    categories: Mapping[str, str] = field(default_factory=dict)
    kecamatans: Mapping[str, str] = field(default_factory=dict)
    desas: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The villages of each sub-district, by its name, both in alphabetical order: for people to choose from."""

    def category(self, name: str | None) -> str | None:
        """The category of that name; none if the lists have no such."""
        return self.categories.get(entry_form(name))

    def kecamatan(self, name: str | None) -> str | None:
        """The sub-district of that name, with or without "Kecamatan" before it; none if there is no such."""
        return _named(name, self.kecamatans, _KECAMATAN)

    def desa(self, name: str | None) -> str | None:
        """The village of that name, with or without "Desa" or "Kelurahan" before it; none if there is no such."""
        return _named(name, self.desas, _DESA)


def load_entries(directory: Path, tenant_id: str, sops: Iterable[Sop], agencies: Iterable[Agency]) -> Entries:
    """The lists of one government.

    Categories: those of its agencies, of its SOPs' rules, of its own ``categories.csv`` and of the national one.
    Places: those of its own ``wilayah.csv`` and of the one that all share.

    :param directory: the government's folder; what all share is read from its neighbour ``_reference``.
    :raises FileError: if a list is there and cannot be read.
    """
    agencies = tuple(agencies)
    shared = directory.parent / _REFERENCE
    wanted = canonical(tenant_id)
    places = [
        *_rows(directory / PLACES),
        *(row for row in _rows(shared / PLACES) if canonical(row.get("kabupaten") or "") == wanted),
    ]
    categories = [row.get("category") for file in (directory, shared) for row in _rows(file / CATEGORIES)]
    return Entries(
        _list(*(name for agency in agencies for name in agency.categories), *_of_rules(sops), *categories),
        _list(*(row.get("kecamatan") for row in places), *(agency.kecamatan for agency in agencies)),
        _list(*(row.get("desa") for row in places)),
        _arranged(places),
    )


def listed_categories(directory: Path) -> frozenset[str]:
    """The categories that a list has: the government's own, and the one that all share; none where there is no list."""
    files = (directory / CATEGORIES, directory.parent / _REFERENCE / CATEGORIES)
    return frozenset(name for file in files for row in _rows(file) if (name := row.get("category")))


def listed_kecamatans(directory: Path) -> frozenset[str]:
    """The sub-districts of a government that a list has; none where there is no list."""
    wanted = canonical(directory.name)
    shared = _rows(directory.parent / _REFERENCE / PLACES)
    own = [*_rows(directory / PLACES), *(row for row in shared if canonical(row.get("kabupaten") or "") == wanted)]
    return frozenset(name for row in own if (name := row.get("kecamatan")))


def _of_rules(sops: Iterable[Sop]) -> Iterable[str | None]:
    for sop in sops:
        yield sop.classification.default_category
        yield from (rule.category for rule in sop.classification.rules)


def _list(*names: str | None) -> dict[str, str]:
    """The first spelling of a name counts."""
    found: dict[str, str] = {}
    for name in names:
        if name and canonical(name):
            found.setdefault(canonical(name), name)
    return found


def _arranged(places: Iterable[Mapping[str, str | None]]) -> dict[str, tuple[str, ...]]:
    villages: dict[str, set[str]] = {}
    for row in places:
        if row.get("kecamatan"):
            villages.setdefault(str(row["kecamatan"]), set()).update(filter(None, [row.get("desa")]))
    return {name: tuple(sorted(villages[name])) for name in sorted(villages)}


def _named(name: str | None, entries: Mapping[str, str], before: tuple[str, ...]) -> str | None:
    wanted = entry_form(name)
    bare = (wanted.removeprefix(word).strip() for word in before if wanted.startswith(word))
    return next((entries[each] for each in (wanted, *bare) if each in entries), None)


def _rows(path: Path) -> list[dict[str, str | None]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            names = reader.fieldnames or ()
            doubled = sorted({name for name in names if name and names.count(name) > 1})
            if doubled:
                remedy = "leave each heading to one column"
                raise FileError(path, 1, f"given more than once: {', '.join(doubled)}", remedy)
            return list(reader)
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise FileError(path, 1, f"this list cannot be read ({error})", "save it as CSV in UTF-8") from None
