"""Locks of the database are asked for in one place, which tells them apart."""

from pathlib import Path

from shared.platform.database.locks import Lock

ROOT = Path(__file__).parents[2]
MADE_HERE = "shared/platform/database/locks.py"


def test_keys_of_locks_are_made_in_one_place() -> None:
    """Two uses that made their keys by themselves might meet by chance, and wait for each other."""
    rooms = ("shared", "services", "portal", "channels", "cli")
    asking = {
        str(file.relative_to(ROOT))
        for room in rooms
        for file in (ROOT / room).rglob("*.py")
        if any(word in file.read_text(encoding="utf-8") for word in ("advisory_lock(", "advisory_xact_lock("))
    }
    assert {MADE_HERE} == asking


def test_no_two_uses_have_one_number() -> None:
    """An enumeration takes a second name of a number for the first without a word."""
    assert len(Lock.__members__) == len(set(Lock))
