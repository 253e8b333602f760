"""The outbox: where there is no mail server, letters lie here as files that a person can read."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path

from services.notify.letter import Letter


@dataclass(frozen=True)
class Posted:
    """A letter that lies in the outbox.

    :param to: whom it is for, as written on it.
    """

    path: Path
    to: str
    subject: str
    text: str
    message_id: str


@dataclass(frozen=True)
class Outbox:
    """A folder of letters, readable by its owner only: they hold what is personal.

    :param directory: made when the first letter is written.
    """

    directory: Path

    repeatable = True

    @contextmanager
    def session(self) -> Iterator["Outbox"]:
        """Ready at once."""
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        yield self

    def send(self, letter: Letter, name: str) -> None:
        """Write a letter to its file, whole or not at all; the same message a second time replaces its first."""
        handle, draft = tempfile.mkstemp(dir=self.directory, prefix=".")  # readable by its owner only
        with os.fdopen(handle, "wb") as opened:
            opened.write(letter.as_text().encode())
        Path(draft).replace(self.directory / f"{name}.eml")

    def remove(self, ticket: str) -> None:
        """Take away every letter about a ticket."""
        for path in self.directory.glob(f"*-{ticket}-*.eml"):
            path.unlink(missing_ok=True)

    def letters(self) -> list[Posted]:
        """What lies here, in the order in which it was to be sent."""
        return [_posted(path) for path in sorted(self.directory.glob("*.eml"))]


def _posted(path: Path) -> Posted:
    letter = message_from_bytes(path.read_bytes(), policy=policy.SMTPUTF8)
    return Posted(
        path=path,
        to=str(letter["To"]),
        subject=str(letter["Subject"]),
        text=letter.get_content(),
        message_id=str(letter["Message-ID"]),
    )
