"""The tree of hashes over the log: the Merkle tree of RFC 6962, section 2.1, with the log's rows as its leaves.

It is kept by its peaks: the roots of the whole trees that its leaves fall into, the largest first. They are at most as
many as the number of leaves has binary digits, and enough to go on: nothing of the log need be read again.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

_LEAF = b"\x00"
_NODE = b"\x01"
HASH_BYTES = 32


def leaf(position: int, before: bytes, own: bytes) -> bytes:
    """The leaf of a row.

    :param before: the hash of the row before it in its dossier.
    :param own: its own hash, which stands for all it says: dossier, version, type and data.
    """
    return hashlib.sha256(_LEAF + position.to_bytes(8, signed=True) + before + own).digest()


@dataclass
class HashTree:
    """The tree over the first rows of the log.

    :param size: how many.
    :param peaks: the roots of the whole trees in it, the largest first.
    """

    size: int = 0
    peaks: list[bytes] = field(default_factory=list)

    @classmethod
    def grown(cls, size: int, peaks: Sequence[bytes]) -> "HashTree":
        """A tree as it was left.

        :raises ValueError: if there is no such tree.
        """
        if size < 0 or len(peaks) != size.bit_count() or any(len(each) != HASH_BYTES for each in peaks):
            raise ValueError("no tree of hashes has this size and these peaks")
        return cls(size, list(peaks))

    def add(self, hashed: bytes) -> None:
        """Put a leaf at its end."""
        full = self.size
        while full & 1:
            hashed = hashlib.sha256(_NODE + self.peaks.pop() + hashed).digest()
            full >>= 1
        self.peaks.append(hashed)
        self.size += 1

    @property
    def root(self) -> bytes:
        """What stands for all of it; of an empty tree the hash of nothing."""
        if not self.peaks:
            return hashlib.sha256().digest()
        *left, root = self.peaks
        for peak in reversed(left):
            root = hashlib.sha256(_NODE + peak + root).digest()
        return root
