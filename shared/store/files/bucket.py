"""Sealed contents in a bucket of an object store that speaks S3.

By boto3 and not by fsspec's own driver: that one runs an asyncio loop in a thread, which eventlet's threads are not.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from shared.base.errors import NotFound, Unavailable

_PIECE_BYTES: Final = 256 * 1024
_ABSENT: Final = frozenset({"NoSuchKey", "404"})


class BucketStore:
    """Named contents in a bucket, see :class:`shared.store.files.store.FileStore`.

    Who may, and where, stands in the environment that every S3 client reads (``AWS_ACCESS_KEY_ID``, ...).

    :param url: ``s3://bucket/prefix``, with ``?endpoint=https://...`` for a store that is not Amazon's.
    :raises Unavailable: ``no_file_store`` if the client is not installed.
    """

    def __init__(self, url: str) -> None:
        try:
            import boto3  # noqa: PLC0415 - an extra that few need
        except ImportError as error:
            raise Unavailable("no_file_store") from error
        parts = urlsplit(url)
        endpoint = parse_qs(parts.query).get("endpoint", [None])[0]
        self._bucket, self._prefix = parts.netloc, parts.path.strip("/")
        self._client: Any = boto3.client("s3", endpoint_url=endpoint)

    def put(self, name: str, pieces: Iterable[bytes]) -> None:
        """Write a content; a bucket shows it only when it is whole.

        :raises OSError: if it cannot be written.
        """
        body = b"".join(pieces)  # a file is some megabytes at most
        with _told():
            self._client.put_object(Bucket=self._bucket, Key=self._at(name), Body=body)

    def pieces(self, name: str) -> Iterator[bytes]:
        """A content in pieces.

        :raises NotFound: ``unknown_file``, before the first piece, if there is none.
        :raises OSError: if the store is away, also in the middle.
        """
        with _told():
            answer = self._client.get_object(Bucket=self._bucket, Key=self._at(name))
        return _read(answer["Body"])

    def delete(self, name: str) -> None:
        """Delete a content, or all whose names begin with it and a ``/``. None being there is no error."""
        with _told():
            for key in [self._at(name), *(key for key, _ in self._listed(f"{name}/"))]:
                self._client.delete_object(Bucket=self._bucket, Key=key)

    def names(self, below: str) -> Iterator[tuple[str, datetime]]:
        """The names below a path, and when each was written."""
        root = len(self._at(""))
        with _told():
            for key, written in self._listed(f"{below}/"):
                yield key[root:], written

    def _listed(self, below: str) -> Iterator[tuple[str, datetime]]:
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=self._at(below))
        for page in pages:
            for found in page.get("Contents", ()):
                yield found["Key"], found["LastModified"]

    def _at(self, name: str) -> str:
        return f"{self._prefix}/{name}" if self._prefix else name


def _read(body: Any) -> Iterator[bytes]:
    with _told():
        yield from body.iter_chunks(_PIECE_BYTES)


class _told:  # noqa: N801 - read as a word: with _told()
    """The client's errors, told as a folder would tell them."""

    def __enter__(self) -> None:
        return

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - there if the client is

        if isinstance(error, ClientError):
            if error.response.get("Error", {}).get("Code") in _ABSENT:
                raise NotFound("unknown_file") from None
            raise OSError(f"the object store refuses: {error.response.get('Error', {}).get('Code')}") from error
        if isinstance(error, BotoCoreError):
            raise OSError(f"the object store does not answer: {type(error).__name__}") from error
