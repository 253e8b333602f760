"""The versions of a government's procedure: the files of its folder, and what was approved elsewhere beside them."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from shared.domain.procedures import ApprovedSop
from shared.domain.sop.model import Sop
from shared.domain.sop.reading.loader import load_sop, parse_sop
from shared.wording.yaml_lines import FileError

CURRENT: Final = "sop.yaml"
"""Always the file of the highest number; the others are called as :func:`older_file` says."""
_OLDER: Final = re.compile(r"sop\.v([1-9][0-9]*)\.yaml\Z")


def older_file(version: int) -> str:
    """How the file of a version is called beside one of a higher number."""
    return f"sop.v{version}.yaml"


def approved_name(tenant: str, version: int) -> str:
    """What stands in a file's place where something is amiss with an approved version."""
    return f"version {version} of {tenant}, approved in the browser"


def load_versions(directory: Path) -> dict[int, Sop]:
    """Every version that the files of a government's folder describe, by number: the highest is that of ``sop.yaml``.

    :raises FileError: if a file is wrong, or two files describe the same version.
    """
    current = load_sop(directory / CURRENT, directory.name)
    sops = {current.version: current}
    for path in sorted(directory.glob("sop.v*.yaml")):
        sop = load_sop(path, directory.name)
        named = _OLDER.match(path.name)
        if named is None or int(named[1]) != sop.version:
            remedy = f"name the file {older_file(sop.version)}, or correct its version"
            raise FileError(path, 1, f"this file describes version {sop.version} of the SOP", remedy)
        if sop.version >= current.version:
            remedy = f"give {CURRENT} a higher version than every older file"
            raise FileError(path, 1, f"version {sop.version} is not older than the current {current.version}", remedy)
        sops[sop.version] = sop
    return sops


def parse_approved(directory: Path, version: int, text: str) -> Sop:
    """An approved version, as the file that it would be: what it refers to lies beside the government's files.

    :param directory: the government's folder.
    :raises FileError: if it cannot be read any more.
    """
    return parse_sop(text, directory.name, directory / older_file(version))


def with_approved(
    directory: Path, in_files: Mapping[int, Sop], approved: Iterable[ApprovedSop]
) -> tuple[dict[int, Sop], frozenset[int]]:
    """Every version of a government. Of one number the approved counts: dossiers were filed under it.

    :param in_files: as :func:`load_versions` has read them.
    :returns: all by number; and those approved that cannot be read any more, for which their files stand in.
    :raises FileError: if a text cannot be read any more, and no file of its number stands in for it.
    """
    sops, unread = dict(in_files), set()
    for each in approved:
        try:
            sops[each.version] = parse_approved(directory, each.version, each.text)
        except FileError as error:
            if each.version not in sops:
                remedy = f"{error.remedy}; or {_stand_in(each.version, max(in_files))}"
                name = approved_name(directory.name, each.version)
                raise FileError(name, error.line, error.message, remedy) from error
            unread.add(each.version)
    return sops, frozenset(unread)


def _stand_in(version: int, current: int) -> str:
    """How a file comes to stand in for a version; ``sop.yaml`` always bears the highest number of all files.

    :param current: the number that ``sop.yaml`` bears now.
    """
    if version < current:
        return f"put its text, mended, there as {older_file(version)}"
    return f"rename {CURRENT} to {older_file(current)}, and put its text, mended, there as {CURRENT}"
