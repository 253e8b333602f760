"""Advisory locks: who does what only one may do at a time, by what it is and by whose it is.

All keys are made here, in one way, so that no two uses can meet by chance. Two names may have one key; then one waits
for the other, or tries again.
"""

from enum import IntEnum
from typing import Any, Final


class Lock(IntEnum):
    """What a lock is for: the first of the two numbers by which the database tells locks apart."""

    FOLLOWING = 0x666F6C6C
    """Whoever keeps a service's tables."""
    RELAYING = 0x61647572
    """Whoever publishes the log."""
    REBUILDING = 0x50524A52
    """Whoever makes a projection anew."""
    TALKING = 0x61647543
    """Whoever takes the next turn of a person's conversation."""
    POLLING = 0x6164706F
    """Whoever looks into a channel that delivers nothing by itself."""
    INDEXING = 0x61647869
    """Whoever brings an index of what lies sealed up to date."""
    NUMBERING = 0x6164756A
    """Whoever draws the next number of a series of tickets."""
    CHECKPOINTING = 0x61647563
    """Whoever signs the log."""
    ADMITTING = 0x61647661
    """Whoever makes a master key known to the vault."""
    MIGRATING = 0x6164756D
    """Whoever changes the tables."""
    MOVING = 0x61647574
    """Whoever takes a government to another database."""


WAIT_IN_ORDER: Final = """
    SELECT pg_advisory_xact_lock(%(lock)s, key)
      FROM (SELECT DISTINCT hashtext(name) AS key FROM unnest(%(names)s::text[]) AS name ORDER BY key) AS keys
"""
"""Waits for several names until the transaction ends; in one order everywhere, so that nobody waits in a ring."""
WAIT_FOR_ONE: Final = "SELECT pg_advisory_xact_lock(%(lock)s, hashtext(%(name)s))"
"""As above for a single name, at a third of the price."""


def try_to_hold(cursor: Any, lock: Lock, name: str) -> bool:
    """Take it for as long as the cursor's connection lives; False if another connection has it."""
    return _asked(cursor, "SELECT pg_try_advisory_lock(%s, hashtext(%s))", lock, name)


def wait_to_hold(cursor: Any, lock: Lock, name: str) -> None:
    """Take it for as long as the cursor's connection lives, once nobody else has it."""
    cursor.execute("SELECT pg_advisory_lock(%s, hashtext(%s))", (int(lock), name))


def give_back(cursor: Any, lock: Lock, name: str) -> None:
    """Give it back at once: a connection that is closed may be a while in ending."""
    cursor.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", (int(lock), name))


def try_for_now(cursor: Any, lock: Lock, name: str) -> bool:
    """Take it until the transaction ends; False if another has it."""
    return _asked(cursor, "SELECT pg_try_advisory_xact_lock(%s, hashtext(%s))", lock, name)


def wait_for_now(cursor: Any, lock: Lock, name: str) -> None:
    """Take it until the transaction ends, once nobody else has it."""
    cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", (int(lock), name))


def _asked(cursor: Any, statement: str, lock: Lock, name: str) -> bool:
    cursor.execute(statement, (int(lock), name))
    return bool(cursor.fetchone()[0])
