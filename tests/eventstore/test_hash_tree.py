"""The tree of hashes is that of RFC 6962, however it was grown."""

import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.store.eventstore.checkpoints.tree import HashTree

_LEAVES = st.lists(st.binary(min_size=32, max_size=32), max_size=70)


def by_the_rfc(leaves: Sequence[bytes]) -> bytes:
    """Section 2.1, word for word, over leaves that are hashed already."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    half = 1 << ((len(leaves) - 1).bit_length() - 1)
    return hashlib.sha256(b"\x01" + by_the_rfc(leaves[:half]) + by_the_rfc(leaves[half:])).digest()


@given(_LEAVES, st.integers(0, 70))
def test_it_is_the_tree_of_the_rfc(leaves: list[bytes], left: int) -> None:
    """Also where it was left after some leaves, and gone on with from its peaks alone."""
    tree = HashTree()
    for number, each in enumerate(leaves):
        if number == left:
            tree = HashTree.grown(tree.size, list(tree.peaks))
        tree.add(each)

    assert by_the_rfc(leaves) == tree.root
    assert len(leaves).bit_count() == len(tree.peaks)


@pytest.mark.parametrize(("size", "peaks"), [(-1, []), (1, []), (3, [bytes(32)]), (1, [b"short"]), (0, [bytes(32)])])
def test_no_other_tree_is_taken(size: int, peaks: list[bytes]) -> None:
    """A size and peaks that do not belong together are refused."""
    with pytest.raises(ValueError, match="no tree"):
        HashTree.grown(size, peaks)
