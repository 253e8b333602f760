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
    """What was refused.

    :param path: where it is written; nowhere if none is given.
    :param goes_on: whether what stands there already is of the same import.
    :param count: how many rows.
    """

    path: Path | None
    goes_on: bool = False
    count: int = 0
    _rows: list[Sequence[str]] = field(default_factory=list)

    def begin(self) -> None:
        """Make sure that it can be written when all is done.

        :raises OSError: if it cannot; nothing has been done yet then.
        """
        if self.path is None:
            return
        there = self.path.exists()
        with self.path.open("a", encoding="utf-8"):
            pass
        if not there:
            self.path.unlink()

    def refuse(self, line: int, error: Exception) -> None:
        """Tell of a row, and note it.

        :param line: where it stands.
        :param error: what is wrong with it.
        """
        self.count += 1
        click.echo(f"line {line}: {sentence(error) if isinstance(error, AduanError) else error}", err=True)
        if isinstance(error, AduanError) and error.fields:
            said = catalogue().field_sentences(error, _LANGUAGE)
            for name, codes in error.fields.items():
                self._rows.append((str(line), name, codes[0].partition("?")[0], " ".join(said[name])))
        else:
            code = error.code if isinstance(error, AduanError) else "row"
            why = catalogue().sentence(error, _LANGUAGE) if isinstance(error, AduanError) else str(error)
            self._rows.append((str(line), "", code, why))

    def write(self) -> None:
        """Write it, if anywhere. A cell that a spreadsheet would reckon with is written as text."""
        if self.path is None:
            return
        if self.goes_on and self.path.exists():
            with self.path.open("a", encoding="utf-8", newline="") as file:
                file.write(csv_lines(self._rows))
            return
        self.path.write_text(csv_lines([_HEADING, *self._rows]), encoding="utf-8-sig", newline="")
