"""A draft laid into a copy of a government's folder, so that it is read and checked as at a start."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory
from typing import Final

from shared.domain.calendar.schema import CalendarSchema
from shared.domain.tenants import CURRENT, Tenant, load_tenant
from shared.wording.yaml_lines import FileError, load_yaml, parse_yaml
from shared.wording.yaml_schema import load_with

CALENDAR: Final = "calendar.yaml"
_NEIGHBOURS: Final = "../_"


@contextmanager
def laid_in(tenant: Tenant, sop: str | None, calendar: str | None) -> Iterator[Path]:
    """A copy of a government's folder with the draft in it, beside what all governments share.

    A draft with a higher version stands beside the one in force; with the same version, in its place.

    :param sop: the text of a draft ``sop.yaml``; none to keep the present one.
    :param calendar: the text of a draft ``calendar.yaml``; likewise.
    :raises FileError: if the draft cannot be laid in: it is no procedure of a version that could follow.
    """
    with TemporaryDirectory(prefix="aduan-draft-") as place:
        root = Path(place)
        for shared in sorted(tenant.directory.parent.glob("_*")):
            (root / shared.name).symlink_to(shared.resolve(), target_is_directory=True)
        folder = root / tenant.id
        copytree(tenant.directory, folder)
        if sop is not None:
            _lay_in(folder, tenant, sop)
        if calendar is not None:
            (folder / CALENDAR).write_text(calendar, encoding="utf-8")
            _check_records(folder / CALENDAR)
        yield folder


def read(folder: Path) -> Tenant:
    """The government as the draft would have it.

    :raises FileError: if a file of the draft is wrong, with line and remedy.
    """
    found = load_tenant(folder)
    found.calendar  # noqa: B018 - read when first asked for
    return found


def _lay_in(folder: Path, tenant: Tenant, text: str) -> None:
    content = parse_yaml(text, folder / CURRENT).data
    version = content.get("version") if isinstance(content, dict) else None
    if str(version) != str(tenant.sop.version):
        (folder / CURRENT).rename(folder / f"sop.v{tenant.sop.version}.yaml")
    (folder / CURRENT).write_text(text, encoding="utf-8")


def _check_records(file: Path) -> None:
    """A draft refers to what governments share, and to nothing else of this machine."""
    document = load_yaml(file)
    for number, name in enumerate(load_with(document, CalendarSchema())["records"]):
        if not name.startswith(_NEIGHBOURS) or ".." in name.removeprefix(_NEIGHBOURS):
            remedy = "name a file of the folders that governments share, such as ../_national"
            raise document.error(("records", number), f"a draft may not refer to {name}", remedy)


__all__ = ["CALENDAR", "FileError", "laid_in", "read"]
