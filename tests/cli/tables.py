"""Tables to import, as programs save them, and what becomes of them."""

import csv
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from shared.domain.dossier.contents import complaint_of
from tests.cli.command import Ran, aduan_here, settings_of
from tests.fixtures.office import Office


def imported(office: Office, file: Path, *options: str) -> Ran:
    """Import a table into Bantul."""
    return aduan_here("import", str(file), "--tenant", "bantul", *options, **settings_of(office))


def saved(tmp_path: Path, kind: str, rows: list[list[Any]]) -> Path:
    """A table as its program saves it.

    :param kind: ``xlsx`` or ``csv``.
    """
    file = tmp_path / f"laporan.{kind}"
    if kind == "xlsx":
        book = Workbook()
        for row in rows:
            book.active.append(row)
        book.save(file)
    else:
        with file.open("w", newline="", encoding="utf-8-sig") as opened:
            csv.writer(opened, delimiter=";").writerows(rows)
    return file


def filed(office: Office) -> dict[str, dict[str, Any]]:
    """What has been filed, by its ``external_id``."""
    found = {}
    for (dossier,) in office.rows("SELECT dossier FROM eventstore.events WHERE type = 'ComplaintFiled'"):
        complaint = complaint_of(office.history(dossier), office.runtime.vault.keys(None, [dossier])[dossier])
        found[complaint["external_id"]] = complaint
    return found
