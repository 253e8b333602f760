"""Locks of the database are asked for in one place, which tells them apart."""

from shared.platform.database.locks import Lock
from shared.platform.settings import PROJECT
from tests.house.conftest import Nodes

MADE_HERE = "shared/platform/database/locks.py"


def test_keys_of_locks_are_made_in_one_place(nodes: Nodes) -> None:
    """Two uses that made their keys by themselves might meet by chance, and wait for each other."""
    asking = {
        file
        for file in nodes
        if any(
            word in (PROJECT / file).read_text(encoding="utf-8") for word in ("advisory_lock(", "advisory_xact_lock(")
        )
    }
    assert {MADE_HERE} == asking


def test_no_two_uses_have_one_number() -> None:
    """An enumeration takes a second name of a number for the first without a word."""
    assert len(Lock.__members__) == len(set(Lock))
