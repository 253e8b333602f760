"""The hash of a row, computed outside the database: the audit trusts no function that lives beside the log."""

import hashlib
from uuid import UUID

NOTHING_BEFORE = bytes(32)
"""What the first row of a dossier continues."""


def row_hash(
    prev_hash: bytes, position: int, dossier: UUID, version: int, kind: str, state: bytes | memoryview
) -> bytes:
    """The hash of a row, as the database's ``eventstore.row_hash`` computes it.

    :param prev_hash: the hash of the row before it in its dossier; 32 zero bytes for the first.
    """
    name = kind.encode()
    return hashlib.sha256(
        b"".join(
            (
                prev_hash,
                position.to_bytes(8, signed=True),
                dossier.bytes,
                version.to_bytes(4, signed=True),
                len(name).to_bytes(4, signed=True),
                name,
                state,
            )
        )
    ).digest()
