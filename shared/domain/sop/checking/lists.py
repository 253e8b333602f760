"""Names in a government's files that are entries of other lists: categories, places, desks, units, tickets."""

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from shared.base.names import canonical
from shared.domain.complaint.spelling import alike
from shared.domain.entries import CATEGORIES, PLACES, listed_categories, listed_kecamatans
from shared.domain.sop.checking.finding import ERROR, WARNING, Finding, Place
from shared.domain.sop.checking.suggesting import remedy_for
from shared.domain.sop.model import Sop
from shared.domain.sop.reading.agencies import AgencyBook
from shared.domain.sop.reading.versions import CURRENT
from shared.wording.yaml_lines import Document, FileError, load_yaml


def lists(folder: Path, sop: Sop, book: AgencyBook, offices: Document) -> Iterator[Finding]:
    """Everything that no list has, and what two have and one alone may.

    :param folder: the government's.
    :param book: its offices.
    :param offices: the file that they were read from.
    :raises FileError: if a list cannot be read.
    """
    categories = listed_categories(folder)
    for place, name in _categories(book):
        yield from _unlisted(offices, place, name, categories, "category", CATEGORIES)
    for index, rule in enumerate(sop.classification.rules):
        if rule.category is not None:
            yield from _of_sop(folder, rule.category, categories, ("classification", "rules", index))
    if sop.classification.default_category is not None:
        place = ("classification", "default_category")
        yield from _of_sop(folder, sop.classification.default_category, categories, place)
    kecamatans = listed_kecamatans(folder)
    for index, agency in enumerate(book.agencies):
        if agency.kecamatan is not None:
            place = ("agencies", index, "kecamatan")
            yield from _unlisted(offices, place, agency.kecamatan, kecamatans, "sub-district", PLACES)
        ids = [unit.id for unit in agency.people.units]
        yield from _doubled(offices, ("agencies", index, "units"), ids, f"unit of {agency.id!r}")
    yield from _doubled(offices, ("groups",), [group.id for group in book.groups], "group")
    desks = [actor.id for actor in sop.actors if actor.scope == "tenant"]
    for desk in book.desks:
        if desk not in desks:
            message = f"there is a contact for {desk!r}, and it is no desk of the government's own"
            yield _at(offices, ("contacts", desk), "unknown_contact", message, remedy_for(desk, desks), WARNING)
    yield from _prefixes(folder)


def _categories(book: AgencyBook) -> Iterator[tuple[Place, str]]:
    for index, agency in enumerate(book.agencies):
        for place, name in enumerate(agency.categories):
            yield ("agencies", index, "categories", place), name
    for index, group in enumerate(book.groups):
        for place, name in enumerate(group.categories):
            yield ("groups", index, "categories", place), name


def _unlisted(
    document: Document, place: Place, name: str, known: Collection[str], what: str, file: str
) -> Iterator[Finding]:
    if known and canonical(name) not in map(canonical, known):
        message = f"no list has the {what} {name!r}"
        yield _at(document, place, "unknown_name", message, f"{remedy_for(name, known)} Else add it to {file}")


def _of_sop(folder: Path, name: str, known: Collection[str], place: Place) -> Iterator[Finding]:
    if known and canonical(name) not in map(canonical, known):
        remedy = f"{remedy_for(name, known)} Else add it to {CATEGORIES}"
        document = load_yaml(folder / CURRENT)
        yield _at(document, place, "unknown_name", f"no list has the category {name!r}", remedy)


def _doubled(document: Document, place: Place, names: Sequence[str], what: str) -> Iterator[Finding]:
    for index, name in enumerate(names):
        if name in names[:index]:
            yield _at(document, (*place, index), "doubled", f"the {what} {name!r} is given twice", "rename one of them")


def _prefixes(folder: Path) -> Iterator[Finding]:
    """Two governments that give the same tickets: nobody could tell whose a ticket is."""
    own = {prefix: file for file, prefix in _given(folder)}
    for other in sorted(folder.parent.iterdir()):
        if other.name == folder.name or other.name.startswith(("_", ".")) or not (other / CURRENT).is_file():
            continue
        for _, theirs in _given(other):
            for prefix, file in own.items():
                if alike(prefix, theirs):
                    message = (
                        f"tickets begin with {prefix} here, and with {theirs} in {other.name}: they are taken for one"
                    )
                    remedy = "give each government a ticket_prefix of its own"
                    yield _at(load_yaml(file), ("ticket_prefix",), "same_prefix", message, remedy)


def _given(folder: Path) -> Iterator[tuple[Path, str]]:
    for file in sorted(folder.glob("sop*.yaml")):
        try:
            data = load_yaml(file).data
        except FileError:
            continue  # told where that government is checked
        prefix = data.get("ticket_prefix") if isinstance(data, dict) else None
        if isinstance(prefix, str):
            yield file, prefix


def _at(document: Document, place: Place, code: str, message: str, remedy: str, severity: str = ERROR) -> Finding:
    return Finding(severity, code, message, remedy, place, str(document.file), document.line_of(place))
