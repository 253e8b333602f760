"""A draft laid into a copy of a government's folder, so that it is read and checked as at a start."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from shutil import copyfile, copytree
from tempfile import TemporaryDirectory
from typing import Any, Final

from shared.domain.calendar.records import Decreed, nothing_else
from shared.domain.calendar.schema import CalendarSchema
from shared.domain.sop.model import Sop
from shared.domain.sop.reading.loader import parse_sop
from shared.domain.sop.reading.versions import CURRENT, older_file
from shared.domain.tenants import Tenant, load_tenant
from shared.wording.yaml_lines import Document, FileError, load_yaml, parse_yaml
from shared.wording.yaml_schema import load_with

CALENDAR: Final = "calendar.yaml"
_NEIGHBOURS: Final = "../_"


@contextmanager
def laid_in(tenant: Tenant, sop: str | None, calendar: str | None) -> Iterator[Path]:
    """A copy of a government's folder with the draft in it, beside what all governments share.

    What was approved elsewhere than in the files lies in it as if it were files, unless a file stands in for it. With
    a higher version a draft stands beside the one in force; with the same version, in its place.

    :param sop: the text of a draft ``sop.yaml``; none to keep the present one.
    :param calendar: the text of a draft ``calendar.yaml``; likewise.
    :raises FileError: if the draft cannot be laid in: it is no procedure of a version that could follow.
    """
    with TemporaryDirectory(prefix="aduan-draft-") as place:
        root = Path(place)
        for shared in sorted(tenant.directory.parent.glob("_*")):
            (root / shared.name).symlink_to(shared.resolve(), target_is_directory=True)
        folder = root / tenant.id
        copytree(tenant.directory, folder, copy_function=copyfile)
        folder.chmod(0o700)  # the files may lie where nobody writes
        for each in tenant.approved:
            if each.version in tenant.unread:
                continue
            if each.version < tenant.version_in_file:
                (folder / older_file(each.version)).write_text(each.text, encoding="utf-8")
            else:
                _lay_in(folder, each.text)
        if sop is not None:
            _check_rules(sop)
            _lay_in(folder, sop)
        if calendar is not None:
            (folder / CALENDAR).write_text(calendar, encoding="utf-8")
            _check_records(folder / CALENDAR)
        yield folder


def read(folder: Path, decreed: Decreed = nothing_else) -> Tenant:
    """The government as the draft would have it.

    :param decreed: what counts beside the draft's calendar.
    :raises FileError: if a file of the draft is wrong, with line and remedy.
    """
    found = replace(load_tenant(folder), decreed=decreed)
    found.calendar  # noqa: B018 - read when first asked for
    return found


def readable(tenant: Tenant, text: str) -> Sop:
    """The procedure that a draft describes.

    :raises FileError: if it is none, or refers to what a draft may not refer to.
    """
    _check_rules(text)
    return parse_sop(text, tenant.id, tenant.directory / CURRENT)


def _lay_in(folder: Path, text: str) -> None:
    """Beside the present one, which becomes an older one, or in its place if it bears the same version."""
    present = _version(load_yaml(folder / CURRENT))
    if _version(parse_yaml(text, CURRENT)) != present:
        (folder / CURRENT).rename(folder / older_file(present))
    (folder / CURRENT).write_text(text, encoding="utf-8")


def _version(document: Document) -> Any:
    return document.data.get("version") if isinstance(document.data, dict) else None


def _check_rules(text: str) -> None:
    """A draft takes its rules from what governments share, or from its own folder, and from nothing else."""
    document = parse_yaml(text, CURRENT)
    classification = document.data.get("classification") if isinstance(document.data, dict) else None
    name = classification.get("rules_from") if isinstance(classification, dict) else None
    if isinstance(name, str) and "/" in name and not _is_shared(name):
        remedy = "name a file of the folders that governments share, such as ../_reference"
        raise document.error(("classification", "rules_from"), f"a draft may not refer to {name}", remedy)


def _is_shared(name: str) -> bool:
    return name.startswith(_NEIGHBOURS) and ".." not in name.removeprefix(_NEIGHBOURS)


def _check_records(file: Path) -> None:
    """A draft refers to what governments share, and to nothing else of this machine."""
    document = load_yaml(file)
    for number, name in enumerate(load_with(document, CalendarSchema())["records"]):
        if not _is_shared(name):
            remedy = "name a file of the folders that governments share, such as ../_national"
            raise document.error(("records", number), f"a draft may not refer to {name}", remedy)


__all__ = ["CALENDAR", "FileError", "laid_in", "read", "readable"]
