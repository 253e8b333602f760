"""The outbox: where there is no mail server, letters lie here as files that a person can read."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from eventlet import tpool
from eventlet.patcher import original

from services.notify.letter import Letter

_OS: Final[Any] = original("os")
"""As it is without eventlet: in a thread of its own nothing has to give way, and each letter would pay for it."""
_LONGEST_NAME: Final = 200
"""Bytes; with what is put around it while it is written, below the 255 of most file systems."""


@dataclass(frozen=True)
class PostedLetter:
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
    def session(self) -> Iterator["OpenOutbox"]:
        """Ready at once."""
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        yield OpenOutbox(self.directory)

    def remove(self, ticket: str) -> None:
        """Take away every letter about a ticket."""
        for path in self.directory.glob(f"*-{ticket}-*"):  # also what a process that was killed had begun
            path.unlink(missing_ok=True)

    def letters(self) -> list[PostedLetter]:
        """What lies here, in the order in which it was to be sent."""
        return [_posted(path) for path in sorted(self.directory.glob("*.eml"))]


class OpenOutbox:
    """Letters on their way into the outbox: written together, in a thread of their own, so that nothing waits for a
    folder that has grown large.

    :param directory: the outbox's.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._letters: dict[str, bytes] = {}

    def send(self, letter: Letter, name: str) -> None:
        """Take a letter; it lies in the outbox after the next :meth:`flush`."""
        self._letters[_fitting(name)] = letter.as_text().encode()

    def withdraw(self, ticket: str) -> None:
        """Do not write what was to tell of a ticket."""
        self._letters = {name: text for name, text in self._letters.items() if f"-{ticket}-" not in name}

    def flush(self) -> None:
        """Write each letter to its file, whole or not at all; the same message a second time replaces its first.

        :raises OSError: if that cannot be done; some may be written then, and are again with the next try.
        """
        letters, self._letters = self._letters, {}
        if letters:
            tpool.execute(_write, self._directory, letters)


def _fitting(name: str) -> str:
    """A name that a folder takes: one that is too long is cut, and told apart by a digest of the whole."""
    whole = name.encode()
    if len(whole) <= _LONGEST_NAME:
        return name
    digest = sha256(whole).hexdigest()[:16]
    return f"{whole[: _LONGEST_NAME - 17].decode(errors='ignore')}-{digest}"


def _write(directory: Path, letters: Mapping[str, bytes]) -> None:
    folder = _OS.open(directory, os.O_RDONLY)
    try:
        for name, text in letters.items():
            draft = f".{name}.{os.getpid()}"
            opened = _OS.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600, dir_fd=folder)  # its owner's only
            try:
                left = memoryview(text)
                while left:  # a disk that is nearly full takes what it can
                    left = left[_OS.write(opened, left) :]
            finally:
                _OS.close(opened)
            _OS.rename(draft, f"{name}.eml", src_dir_fd=folder, dst_dir_fd=folder)
    finally:
        _OS.close(folder)


def _posted(path: Path) -> PostedLetter:
    letter = message_from_bytes(path.read_bytes(), policy=policy.SMTPUTF8)
    return PostedLetter(
        path=path,
        to=str(letter["To"]),
        subject=str(letter["Subject"]),
        text=letter.get_content(),
        message_id=str(letter["Message-ID"]),
    )
