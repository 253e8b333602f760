"""Keyed hashes by which complaints that may be about one matter find each other, and by which nobody can read them.

Of a text there is a MinHash: of its stems, 63 least values under hash functions that only the holder of the key knows,
in bands of three, each band hashed once more. A band says that two texts share it, and of one text nothing: it is made
of three words that nobody but the key's holder could name. Of a point there is the hash of the square of 500 m in which
it lies.

The 63 values of a stem are one long keyed digest of it, cut up: SHAKE128 behind a key of a fixed length, which, unlike
the hash functions before it, nobody can lengthen (NIST FIPS 202).
"""

import math
import struct
from collections.abc import Collection
from hashlib import blake2b, shake_128
from typing import Final

from shared.domain.likeness.matter import Matter

BANDS: Final = 21
ROWS: Final = 3
"""Values in a band: texts that share half of their stems meet with 94 percent, those that share a tenth with 2."""

LEAST_STEMS: Final = 3
"""Texts of fewer are alike by chance."""

_VALUES: Final = struct.Struct(f">{BANDS * ROWS}I")
_HASH_BYTES: Final = 8
_KEY_BYTES: Final = 32
_CELL_DEGREES: Final = 500 / 111_320  # near the equator a degree of longitude is as long as one of latitude


class Sketcher:
    """Makes the hashes of one installation.

    :param key: secret; hashes under another key never meet these.
    """

    def __init__(self, key: bytes) -> None:
        self._key = blake2b(key, digest_size=_KEY_BYTES).digest()

    def bands(self, tenant: str, stems: Collection[str]) -> frozenset[int]:
        """The hashes under which texts like this one are found; none for a text of hardly any words.

        :param tenant: the government: complaints of two never meet.
        """
        different = set(stems)
        if len(different) < LEAST_STEMS:
            return frozenset()
        values = [_VALUES.unpack(self._long_digest(f"stem:{tenant}:{stem}")) for stem in different]
        least = list(map(min, *values))
        parts = (least[at * ROWS : (at + 1) * ROWS] for at in range(BANDS))
        return frozenset(self._digest(f"band:{tenant}:{number}:{part}") for number, part in enumerate(parts))

    def cell(self, tenant: str, lat: float, lon: float) -> int:
        """The hash of the square in which a point lies."""
        row, column = _square(lat, lon)
        return self._cell(tenant, row, column)

    def cells_around(self, tenant: str, lat: float, lon: float) -> list[int]:
        """The hashes of that square and its eight neighbours: whatever lies within 500 m is in one of them."""
        row, column = _square(lat, lon)
        return [self._cell(tenant, row + down, column + right) for down in (-1, 0, 1) for right in (-1, 0, 1)]

    def hashes(self, tenant: str, matter: Matter) -> frozenset[int]:
        """Under what a complaint is kept: the bands of its text, and the square in which its point lies."""
        bands = self.bands(tenant, matter.stems)
        return (
            bands if matter.lat is None or matter.lon is None else bands | {self.cell(tenant, matter.lat, matter.lon)}
        )

    def wanted(self, tenant: str, matter: Matter) -> frozenset[int]:
        """Under what others that may be about the same are looked for: its bands, and the squares around its point."""
        bands = self.bands(tenant, matter.stems)
        if matter.lat is None or matter.lon is None:
            return bands
        return bands.union(self.cells_around(tenant, matter.lat, matter.lon))

    def _cell(self, tenant: str, row: int, column: int) -> int:
        return self._digest(f"cell:{tenant}:{row}:{column}")

    def _long_digest(self, text: str) -> bytes:
        return shake_128(self._key + text.encode()).digest(_VALUES.size)

    def _digest(self, text: str) -> int:
        """As a whole number of 64 bits with its sign: what a table keeps most cheaply."""
        digest = blake2b(text.encode(), key=self._key, digest_size=_HASH_BYTES).digest()
        return int.from_bytes(digest, signed=True)


def _square(lat: float, lon: float) -> tuple[int, int]:
    return math.floor(lat / _CELL_DEGREES), math.floor(lon / _CELL_DEGREES)
