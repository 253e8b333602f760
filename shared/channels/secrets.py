"""Secrets of providers: one file each in a folder, never in a file that an administrator edits, never shown."""

import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

_LONGEST_BYTES: Final = 64 * 1024


class SecretMissing(Exception):
    """A secret that is needed and not there, or cannot be used. The text names the file, and never its content."""


@dataclass(frozen=True)
class Secrets:
    """The secrets of one channel of one government.

    A file is read again when it has changed, so that a secret can be changed while everything runs.

    :param folder: of all secrets; none if the installation names no such folder.
    :param prefix: ``<tenant>.<channel>``.
    """

    folder: Path | None
    prefix: str
    _read: dict[str, tuple[int, str]] = field(default_factory=dict, repr=False, compare=False)

    def get(self, name: str) -> str:
        """A secret that must be there.

        :raises SecretMissing: with the file's name.
        """
        found = self.find(name)
        if found is None:
            where = self.folder or "ADUAN_SECRETS_DIR, which is not set,"
            raise SecretMissing(f"{where} holds no file {self.prefix}.{name}")
        return found

    def find(self, name: str) -> str | None:
        """A secret that may be there.

        :raises SecretMissing: if its file is empty, too large, no text, or can be written by everybody.
        """
        if self.folder is None:
            return None
        file = self.folder / f"{self.prefix}.{name}"
        try:
            state = file.stat()
        except FileNotFoundError:
            return None
        known = self._read.get(name)
        if known is not None and known[0] == state.st_mtime_ns:
            return known[1]
        if stat.S_IMODE(state.st_mode) & stat.S_IWOTH:
            raise SecretMissing(f"{file} can be written by everybody: chmod 600 it")
        text = self._content(file)
        self._read[name] = (state.st_mtime_ns, text)
        return text

    def below(self, name: str) -> "Secrets":
        """Those of a part of the channel, such as one gateway of several."""
        return Secrets(self.folder, f"{self.prefix}.{name}")

    @staticmethod
    def _content(file: Path) -> str:
        try:
            with file.open("rb") as opened:
                raw = opened.read(_LONGEST_BYTES + 1)
            text = raw.decode("utf-8").strip()
        except (OSError, ValueError):
            raise SecretMissing(f"{file} cannot be read as text") from None
        if not text or len(raw) > _LONGEST_BYTES:
            raise SecretMissing(f"{file} is {'too large' if text else 'empty'}")
        return text
