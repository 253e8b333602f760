"""The rows that an import refuses: told at once, counted, and written as a table for whoever has to correct them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import click

from cli.failures import sentence
from shared.base.errors import AduanError
from shared.wording.catalogue import catalogue
from shared.wording.sheets.csv_sheet import csv_lines

_HEADING: Final = ("row", "column", "code", "why")
_LANGUAGE: Final = "id"


@dataclass
class RefusedRows:
    """What was refused. A row stands in the report before anything is noted as done: whatever ends the import, none is
    missing there when it goes on.

    :param path: where it is written; nowhere if none is given.
    :param goes_on: whether what stands there already is of the same import.
    :param count: how many rows.
    """

    path: Path | None
    goes_on: bool = False
    count: int = 0
    _begun: bool = field(default=False, repr=False)
    _told: set[str] = field(default_factory=set, repr=False)

    def begin(self) -> None:
        """Make sure that it can be written, and read what it tells of this import already.

        :raises OSError: if it cannot; nothing has been done yet then.
        """
        if self.path is None:
            return
        there = self.path.exists()
        with self.path.open("a", encoding="utf-8"):
            pass
        if not there:
            self.path.unlink()
        elif self.goes_on and self.path.stat().st_size:
            self._begun = True
            whole = self.path.read_text(encoding="utf-8-sig", errors="replace")
            self._told = {f"{line}\n" for line in whole.split("\n")[:-1]}
            if not whole.endswith("\n"):  # whoever wrote it was killed in the middle
                with self.path.open("a", encoding="utf-8", newline="") as file:
                    file.write("\n")

    def refuse(self, line: int, error: Exception) -> None:
        """Tell of a row, and write it down.

        :param line: where it stands.
        :param error: what is wrong with it.
        """
        self.count += 1
        click.echo(f"line {line}: {sentence(error) if isinstance(error, AduanError) else error}", err=True)
        if isinstance(error, AduanError) and error.fields:
            said = catalogue().field_sentences(error, _LANGUAGE)
            self._add(
                [
                    (str(line), name, codes[0].partition("?")[0], " ".join(said[name]))
                    for name, codes in error.fields.items()
                ]
            )
        else:
            code = error.code if isinstance(error, AduanError) else "row"
            why = catalogue().sentence(error, _LANGUAGE) if isinstance(error, AduanError) else str(error)
            self._add([(str(line), "", code, why)])

    def end(self) -> None:
        """Leave a report also where nothing was refused."""
        self._add([])

    def _add(self, rows: Sequence[tuple[str, ...]]) -> None:
        """Write rows, if anywhere. A cell that a spreadsheet would reckon with is written as text."""
        if self.path is None:
            return
        if not self._begun:
            self.path.write_text(csv_lines([_HEADING]), encoding="utf-8-sig", newline="")
            self._begun = True
        lines = [csv_lines([row]) for row in rows]
        with self.path.open("a", encoding="utf-8", newline="") as file:
            file.write("".join(line for line in lines if line.replace("\r\n", "\n") not in self._told))
