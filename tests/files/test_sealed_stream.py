"""A sealed content opens only whole, in order, under its own name and with its own key."""

from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.base.randomness import SeededRandomness
from shared.domain.sealed_stream import CHUNK_BYTES, file_key, open_stream, seal_stream
from shared.domain.sealing import DataKey, Unsealable

NAME, OTHER = UUID(int=1), UUID(int=2)
SECRET = bytes(range(32))
SIZES = (0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES)


def sealed(content: bytes) -> bytes:
    """The content, sealed."""
    return b"".join(seal_stream(SECRET, NAME, [content], SeededRandomness("x")))


@pytest.mark.parametrize("size", SIZES)
def test_what_was_sealed_comes_back(size: int) -> None:
    """Of any size, in pieces of any size, and not readable in between."""
    content = (b"Jalan rusak. " * (size // 13 + 1))[:size]
    blob = sealed(content)
    for step in (1 + size // 3, 70_000):
        pieces = [blob[start : start + step] for start in range(0, len(blob), step)]

        assert content == b"".join(open_stream(SECRET, NAME, pieces))
    assert b"Jalan" not in blob


@settings(max_examples=60, deadline=None)
@given(size=st.sampled_from(SIZES), place=st.integers(0, 10**9), cut=st.booleans())
def test_nothing_can_be_changed_or_cut(size: int, place: int, *, cut: bool) -> None:
    """Not one bit, not the end, not everything."""
    blob = sealed(bytes(size))
    at = place % len(blob)
    broken = blob[:at] if cut else blob[:at] + bytes([blob[at] ^ 1]) + blob[at + 1 :]
    with pytest.raises(Unsealable):
        list(open_stream(SECRET, NAME, [broken]))


def test_chunks_cannot_change_places_or_end_early() -> None:
    """Each knows its number, and the last one that it is the last."""
    blob = sealed(bytes(3 * CHUNK_BYTES))
    head, piece = blob[:11], CHUNK_BYTES + 16
    first, second, third = (blob[11 + n * piece : 11 + (n + 1) * piece] for n in range(3))

    for broken in (head + second + first + third, head + first + second, head + first + third):
        with pytest.raises(Unsealable):
            list(open_stream(SECRET, NAME, [broken]))


def test_each_file_has_a_key_of_its_own() -> None:
    """Another name, another dossier, another key: nothing opens."""
    blob = sealed(b"rahasia")
    keys = [DataKey(dossier, SECRET, SeededRandomness("x")) for dossier in (NAME, OTHER)]

    assert 4 == len({file_key(key, file) for key in keys for file in (NAME, OTHER)})
    for secret, name in ((bytes(32), NAME), (SECRET, OTHER)):
        with pytest.raises(Unsealable):
            list(open_stream(secret, name, [blob]))
