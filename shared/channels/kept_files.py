"""Files that came by a channel and wait for the complaint that they are of, sealed with their person's key."""

from typing import Any
from uuid import UUID

from shared.base.randomness import Randomness
from shared.domain.sealed_stream import file_key, seal_stream
from shared.domain.sealing import DataKey


def keep_file(
    cursor: Any, randomness: Randomness, tenant: str, key: DataKey, id_: UUID, name: str, content: bytes
) -> None:
    """Keep a file; kept twice it is one.

    :param id_: ours.
    :param name: as :func:`shared.domain.files.types.safe_name` makes it.
    """
    sealed = b"".join(seal_stream(file_key(key, id_), id_, [content], randomness))
    cursor.execute(
        "INSERT INTO channels.media (id, tenant, person, name, sealed) VALUES (%s, %s, %s, %s, %s) "
        "ON CONFLICT DO NOTHING",
        (str(id_), tenant, str(key.dossier), name, sealed),
    )
