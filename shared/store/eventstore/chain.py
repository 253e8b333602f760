"""The chains of hashes of dossiers, computed anew and compared."""

import struct
from collections.abc import Iterator
from hashlib import sha256
from typing import Final
from uuid import UUID

from shared.store.eventstore.audit_report import LogFault
from shared.store.eventstore.hashing import NOTHING_BEFORE, row_hash

_HASH_BYTES: Final = 32
_ROW: Final = struct.Struct(">hi 16s i i i q i 32s i 32s i")
"""Of a row that is copied: how many fields, then dossier, version, position and the two hashes, each after its length,
and how long the type is; its name and the state follow."""
_NUMBER: Final = slice(26, 30)
_AT: Final = slice(34, 42)
_TYPE: Final = _ROW.size - 4


class Chain:
    """Checks the rows dossier by dossier, each against the one before it."""

    def __init__(self) -> None:
        self.faults: list[LogFault] = []
        self.dossiers = 0
        self._dossier = b""
        self._version = self._position = 0
        self._hash = NOTHING_BEFORE

    def row(self, row: bytes) -> None:
        """A row as it is copied, its fields as :meth:`check` takes them but for their order.

        What follows the row before it as it should, nearly all, is looked at as it lies there.
        """
        if len(row) >= _ROW.size and self._follows(row):
            return
        dossier, version, position, prev_hash, own_hash, kind, state = _fields(row)
        self.check(
            UUID(bytes=dossier),
            int.from_bytes(version, signed=True),
            int.from_bytes(position, signed=True),
            kind.decode(),
            state,
            prev_hash,
            own_hash,
        )

    def _follows(self, row: bytes) -> bool:
        """Whether a row is all right and continues the one before it; it is then the one before the next."""
        _, _, dossier, _, version, _, position, before, prev_hash, own, own_hash, length = _ROW.unpack_from(row)
        if (
            dossier != self._dossier
            or version != self._version + 1
            or position <= self._position
            or not before == own == _HASH_BYTES
            or prev_hash != self._hash
        ):
            return False
        end = _ROW.size + length
        # As `row_hash` does it: the numbers lie there as they are hashed.
        told = b"".join((prev_hash, row[_AT], dossier, row[_NUMBER], row[_TYPE:end], row[end + 4 :]))
        if sha256(told).digest() != own_hash:
            return False
        self._version, self._position, self._hash = version, position, own_hash
        return True

    def check(
        self,
        dossier: UUID,
        version: int,
        position: int,
        kind: str,
        state: bytes | memoryview,
        prev_hash: bytes | memoryview,
        own_hash: bytes | memoryview,
    ) -> None:
        """Hold one row against the one before it."""
        if self._dossier == dossier.bytes:
            last_position, last_hash = self._position, self._hash
            follows = version == self._version + 1
        else:
            self.dossiers += 1
            last_position, last_hash = 0, NOTHING_BEFORE
            follows = version in {0, 1}
        if not follows:
            self._fault(dossier, version, position, "removed")
        elif bytes(prev_hash) != last_hash:
            self._fault(dossier, version, position, "broken")
        if bytes(own_hash) != row_hash(bytes(prev_hash), position, dossier, version, kind, state):
            self._fault(dossier, version, position, "changed")
        if position <= last_position:
            self._fault(dossier, version, position, "reordered")
        self._dossier, self._version, self._position, self._hash = dossier.bytes, version, position, bytes(own_hash)

    def _fault(self, dossier: UUID, version: int, position: int, what: str) -> None:
        self.faults.append(LogFault(dossier, version, position, what))


def _fields(row: bytes) -> Iterator[bytes]:
    """The fields of a row, whatever their lengths: a hash that somebody has written may have any."""
    place = 2
    while place < len(row):
        length = int.from_bytes(row[place : place + 4], signed=True)
        place += 4
        yield row[place : place + max(length, 0)]
        place += max(length, 0)
