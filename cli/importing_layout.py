"""Tables of other systems, found and read by their layouts."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from shared.application.runtime import Runtime
from shared.domain.complaint.layout import Layout, heading_row, load_layout
from shared.domain.complaint.table import Record, read_records
from shared.domain.complaint.workbook import SUFFIX, read_workbook

_LAYOUTS = "_layouts"


def layout_named(runtime: Runtime, named: str) -> Layout:
    """A layout: a file, or the name of one of those that all governments share.

    :raises FileError: if it is wrong.
    """
    path = Path(named)
    if not path.exists() and path.suffix == "" and path.name == named:
        path = runtime.settings.tenants_dir / _LAYOUTS / f"{named}.yaml"
    return load_layout(path)


def layout_records(
    file: Path, layout: Layout, sheet: str | None, encoding: str | None
) -> tuple[str, Mapping[str, int], Sequence[Record]]:
    """The encoding of a table (blank of a workbook), where its headings stand, and its rows.

    :raises FileError: if it cannot be read.
    """
    if file.suffix.lower() == SUFFIX:
        found, records = "", read_workbook(file, sheet)
    else:
        found, records = read_records(file, layout.headings, encoding)
    heading, below = heading_row(file, records, layout)
    return found, heading, below
