"""Bodies on their way: sealed under a key of the moment, so that nothing lies readable even for a second."""

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from shared.base.errors import Invalid
from shared.base.randomness import Randomness, new_uuid
from shared.domain.sealed_stream import open_stream, seal_stream
from shared.domain.sealing import KEY_BYTES
from shared.store.files.store import FileStore
from shared.wording.codes import field_message

DROPS: Final = "drops"


@dataclass(frozen=True)
class Drop:
    """A body left in the store.

    :param name: its id there.
    :param secret: its key.
    """

    name: UUID
    secret: bytes

    @property
    def place(self) -> str:
        """Its name in the store."""
        return f"{DROPS}/{self.name}"

    def to_dict(self) -> dict[str, Any]:
        """As JSON, for a call, which is itself sealed."""
        return {"name": str(self.name), "secret": base64.b64encode(self.secret).decode()}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "Drop":
        """The reverse of :meth:`to_dict`."""
        return cls(UUID(data["name"]), base64.b64decode(data["secret"]))


def leave(store: FileStore, randomness: Randomness, body: Iterable[bytes]) -> Drop:
    """Leave a body in the store.

    :raises OSError: if it cannot be written.
    """
    drop = Drop(new_uuid(randomness), randomness.bytes(KEY_BYTES))
    store.put(drop.place, seal_stream(drop.secret, drop.name, body, randomness))
    return drop


def read(store: FileStore, drop: Drop, most: int) -> bytes:
    """The body. Whoever left it takes it away once they are answered: a call that is asked again may read it twice.

    :param most: bytes.
    :raises Invalid: if there are more, or none.
    :raises NotFound: if it is not there.
    """
    body = bytearray()
    for piece in open_stream(drop.secret, drop.name, store.pieces(drop.place)):
        body += piece
        if len(body) > most:
            raise Invalid("invalid_fields", fields={"file": [field_message("file_too_large", max=most)]})
    if not body:
        raise Invalid("invalid_fields", fields={"file": ["file_empty"]})
    return bytes(body)
