"""How far an import has come, so that one that was stopped goes on where it was."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Final

import click

SUFFIX: Final = ".resume"
_EVERY: Final = 100
"""Rows between two notes: what was filed since the last one is known again by its external id."""


@dataclass
class Progress:
    """Notes the last line that is done, in a file beside the table; gone when the table is.

    :param path: of the note; none where nothing is to be noted.
    :param of: what is imported how: a note of something else is not followed.
    :param line: the last line that is done.
    """

    path: Path | None
    of: str
    line: int = 0
    passed_over: int = 0
    _since: int = field(default=0, repr=False)

    def passes(self, line: int) -> bool:
        """Whether a row was done before the import was stopped."""
        if line > self.line:
            return False
        self.passed_over += 1
        return True

    def done(self, line: int) -> None:
        """Note a row that was filed, known or refused."""
        self.line = line
        self._since += 1
        if self._since >= _EVERY:
            self.note()

    def note(self) -> None:
        """Write it down: the note of before, or this one, whatever happens meanwhile."""
        self._since = 0
        if self.path is None or not self.line:
            return
        beside = self.path.with_name(f"{self.path.name}.new")
        beside.write_text(json.dumps({"of": self.of, "line": self.line}), encoding="utf-8")
        os.replace(beside, self.path)  # noqa: PTH105 - as one step on every system


@contextmanager
def progress(file: Path, options: tuple[str | None, ...], *, resume: bool, keep: bool) -> Iterator[Progress]:
    """The progress of an import, from its beginning or from where it was stopped.

    :param options: all that decides what becomes of a row: with others the table is another one.
    :param resume: whether to go on.
    :param keep: whether to note anything: not where nothing is filed.
    :raises click.UsageError: if there is nothing to go on with, or the table is not the one that was being read.
    """
    path = file.with_name(file.name + SUFFIX)
    with file.open("rb") as opened:
        read = file_digest(opened, "sha256").hexdigest()
    of = sha256(json.dumps([read, *options]).encode()).hexdigest()
    line = _line_of(path, of) if resume else 0
    if keep and not os.access(path.parent, os.W_OK):
        keep = False
        click.echo(f"{path.parent} cannot be written to: an import that is stopped begins anew", err=True)
    found = Progress(path if keep else None, of, line)
    try:
        yield found
    except BaseException:
        found.note()
        if found.path is not None and found.line:
            click.echo(f"stopped after line {found.line}; --resume goes on from there", err=True)
        raise
    if found.path is not None:
        found.path.unlink(missing_ok=True)


def _line_of(path: Path, of: str) -> int:
    try:
        noted = json.loads(path.read_text(encoding="utf-8"))
        fits, line = noted["of"] == of, int(noted["line"])
    except FileNotFoundError:
        raise click.UsageError(f"there is nothing to resume: {path.name} is not there; leave --resume out") from None
    except (ValueError, KeyError, TypeError):
        raise click.UsageError(f"{path.name} cannot be read; delete it and import without --resume") from None
    if not fits:
        raise click.UsageError(
            f"{path.name} is of another table or of other options; import without --resume: what is filed stays one"
        )
    return line
