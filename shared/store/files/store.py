"""Where sealed contents lie: a folder or whatever fsspec reaches without a loop of its own, or a bucket."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Protocol

import fsspec
from fsspec.implementations.local import LocalFileSystem

from shared.base.errors import NotFound, Unavailable
from shared.store.files.bucket import BucketStore

_PIECE_BYTES: Final = 256 * 1024


class FileStore(Protocol):
    """Named contents; names are paths with ``/``."""

    def put(self, name: str, pieces: Iterable[bytes]) -> None:
        """Write a content.

        :raises OSError: if it cannot be written; what was begun is left to the next sweep.
        """

    def pieces(self, name: str) -> Iterator[bytes]:
        """A content in pieces.

        :raises NotFound: ``unknown_file``, before the first piece, if there is none.
        """

    def delete(self, name: str) -> None:
        """Delete a content, or all whose names begin with it and a ``/``. None being there is no error."""

    def names(self, below: str) -> Iterator[tuple[str, datetime]]:
        """The names below a path, and when each was written."""


def store_at(url: str) -> FileStore:
    """The store at an address.

    :param url: e.g. ``file:///srv/aduan/files`` or ``s3://aduan/files``; the path of a folder, sign by sign as it is,
        but for a ``~`` at its beginning.
    :raises Unavailable: ``no_file_store`` if there is no driver for such an address.
    """
    return BucketStore(url) if url.startswith("s3://") else FolderStore(url)


class FolderStore:
    """Contents in a folder, see :class:`FileStore`.

    :param url: of the folder.
    :raises Unavailable: ``no_file_store`` if there is no driver for such an address.
    """

    def __init__(self, url: str) -> None:
        if "://" not in url:  # a path is no address: whatever stands in it is a part of its name
            self._fs, self._root = LocalFileSystem(auto_mkdir=True), str(Path(url).expanduser().absolute())
            return
        options: dict[str, Any] = {"auto_mkdir": True} if url.startswith("file://") else {}
        try:
            self._fs, self._root = fsspec.core.url_to_fs(url, **options)
        except (ImportError, ValueError) as error:
            raise Unavailable("no_file_store") from error

    def put(self, name: str, pieces: Iterable[bytes]) -> None:
        """Write a content."""
        with self._fs.open(self._at(name), "wb") as file:
            for piece in pieces:
                file.write(piece)

    def pieces(self, name: str) -> Iterator[bytes]:
        """A content in pieces.

        :raises NotFound: ``unknown_file``, before the first piece, if there is none.
        """
        try:
            file = self._fs.open(self._at(name), "rb")
        except FileNotFoundError:
            raise NotFound("unknown_file") from None
        return self._read(file)

    def delete(self, name: str) -> None:
        """Delete a content, or all whose names begin with it and a ``/``. None being there is no error."""
        try:
            self._fs.rm(self._at(name), recursive=True)
        except FileNotFoundError:
            return

    def names(self, below: str) -> Iterator[tuple[str, datetime]]:
        """The names below a path, and when each was written."""
        self._fs.invalidate_cache()
        root = self._at(below)
        try:
            found = self._fs.find(root, detail=True)
        except FileNotFoundError:
            return
        for path, about in found.items():
            yield f"{below}/{path[len(root) :].lstrip('/')}", _written(about)

    def _at(self, name: str) -> str:
        return f"{self._root.rstrip('/')}/{name}"

    @staticmethod
    def _read(file: Any) -> Iterator[bytes]:
        with file:
            while piece := file.read(_PIECE_BYTES):
                yield piece


def _written(about: dict[str, Any]) -> datetime:
    """As the driver tells it: a folder says seconds, a store an instant."""
    told = about.get("mtime") or about.get("LastModified") or about.get("created") or about.get("last_modified")
    if isinstance(told, datetime):
        return told if told.tzinfo else told.replace(tzinfo=UTC)
    return datetime.fromtimestamp(float(told or 0), UTC)
