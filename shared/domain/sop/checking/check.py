"""``aduan sop check``: everything that can be said of an SOP without running it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from shared.base.errors import NotFound
from shared.base.names import canonical
from shared.domain.sop.checking.additions import additions
from shared.domain.sop.checking.finding import ERROR, INFO, SEVERITIES, Finding
from shared.domain.sop.checking.flow import flow
from shared.domain.sop.checking.letters import FILES_ONLY, letters
from shared.domain.sop.checking.limits import Limit, load_limits, looser_than_law
from shared.domain.sop.checking.lists import lists
from shared.domain.sop.checking.names import names
from shared.domain.sop.checking.papers import papers
from shared.domain.sop.checking.reachable import unreachable
from shared.domain.sop.checking.roles import roles
from shared.domain.sop.checking.turns import turns
from shared.domain.sop.checking.words import words
from shared.domain.sop.model import Sop
from shared.domain.sop.reading.agencies import AgencyBook, load_agencies
from shared.domain.sop.reading.loader import read_sop, sop_of
from shared.domain.sop.reading.switching_off import switched_off
from shared.domain.sop.reading.versions import CURRENT
from shared.domain.tenants import load_tenant
from shared.domain.whole_folder import read_whole
from shared.wording.yaml_lines import Document, FileError, load_yaml

LIMITS = Path("_reference") / "limits.yaml"


def check_sop(sop: Sop, limits: tuple[Limit, ...] = ()) -> tuple[Finding, ...]:
    """All findings on an SOP, the gravest first."""
    found = [
        *flow(sop),
        *turns(sop),
        *words(sop),
        *names(sop),
        *roles(sop),
        *additions(sop),
        *looser_than_law(sop, limits),
    ]
    return tuple(sorted(found, key=lambda finding: SEVERITIES.index(finding.severity)))


def check_file(path: Path | str, tenant: str, limits: tuple[Limit, ...] = ()) -> tuple[Finding, ...]:
    """All findings on an SOP file, with their lines; what makes it unreadable is an error among them."""
    try:
        document = switched_off(load_yaml(path))
        sop = read_sop(document, tenant)
    except FileError as error:
        return tuple(_of(error))
    return tuple(_placed(check_sop(sop, limits), document))


def check_tenant(directory: Path | str, edited: Mapping[str, str] = FILES_ONLY) -> tuple[Finding, ...]:
    """All findings on a government's SOP files and agencies.

    :param directory: its folder; the limits are read from its neighbour ``_reference``.
    :param edited: letters' texts that count instead of files, by the template's name.
    :raises NotFound: ``unknown_tenant``, if there is no such folder.
    :raises FileError: if the limits themselves cannot be read.
    """
    folder = Path(directory)
    if not folder.is_dir():
        raise NotFound("unknown_tenant", {"tenant": folder.name})
    path = folder.parent / LIMITS
    limits = load_limits(path) if path.exists() else ()
    found: list[Finding] = []
    for file in sorted(folder.glob("sop*.yaml")):
        about = check_file(file, folder.name, limits)
        # An older version is never edited: only what would harm the dossiers that still run under it is told.
        found += about if file.name == CURRENT else [finding for finding in about if finding.severity == ERROR]
    try:
        book = load_agencies(folder / "agencies.yaml")
        procedure = load_yaml(folder / CURRENT)
        sop = sop_of(procedure, folder.name)
    except FileError as error:
        known = {(finding.file, finding.line, finding.message) for finding in found}
        found += [finding for finding in _of(error) if (finding.file, finding.line, finding.message) not in known]
        return tuple(found)
    found += _agencies(sop, book, folder / "agencies.yaml")
    found += letters(folder, sop, procedure, edited)
    found += _together(folder, sop, book)
    return tuple(sorted(found, key=lambda finding: SEVERITIES.index(finding.severity)))


def _agencies(sop: Sop, book: AgencyBook, file: Path) -> Iterator[Finding]:
    yield from unreachable(sop, book, str(file))
    wanted = {rule.category for rule in sop.classification.rules if rule.category}
    taken = {category for agency in book.agencies for category in agency.categories_folded}
    orphans = sorted(category for category in wanted if canonical(category) not in taken)
    if orphans and any(step.automatic == "dispose" for step in sop.steps):
        message = f"no agency takes: {', '.join(orphans)}"
        remedy = "add the category to an agency, or leave it to a person"
        yield Finding(INFO, "category_without_agency", message, remedy, ("agencies",), str(file), 1)


def _together(folder: Path, sop: Sop, book: AgencyBook) -> Iterator[Finding]:
    """What only shows when the files are read as a start reads them: versions, calendar, lists of names, documents."""
    try:
        tenant = load_tenant(folder)
        read_whole(tenant)
        yield from lists(folder, sop, book, load_yaml(folder / "agencies.yaml"))
        yield from papers(tenant)
    except FileError as error:
        yield from _of(error)


def _placed(found: Iterable[Finding], document: Document) -> Iterator[Finding]:
    for finding in found:
        yield replace(finding, file=str(document.file), line=document.line_of(finding.place))


def _of(error: FileError) -> Iterator[Finding]:
    for one in (error, *error.others):
        yield Finding(ERROR, "unreadable", one.message, one.remedy, (), str(one.file), one.line)
