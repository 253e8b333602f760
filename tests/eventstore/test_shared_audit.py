"""An audit by several processes says what one says alone, word for word."""

import pytest

from cli.auditing import auditors_for
from shared.platform.database.pool import Database
from shared.store.eventstore.audit import verify
from tests.eventstore.making import filled
from tests.eventstore.test_audit import tampering

pytestmark = pytest.mark.process

_CHANGES = """
    UPDATE eventstore.events SET state = '{}' WHERE position = 8;
    DELETE FROM eventstore.events WHERE position = 23;
    UPDATE eventstore.events SET txid = '5' WHERE position = 30;
    UPDATE eventstore.events SET txid = '9223372036854775807' WHERE position = 60
"""


def test_several_find_what_one_finds(database: Database, owner: Database) -> None:
    """Untouched and tampered with, since the beginning and since a checkpoint."""
    filled(database, dossiers=12, events=5)
    crew = auditors_for(database, processes=2)
    untouched = verify(database)

    assert untouched == verify(database, crew=crew, parts=5)

    with tampering(owner) as cursor:
        cursor.execute(_CHANGES)
    alone = verify(database, untouched.checkpoint)

    assert alone == verify(database, untouched.checkpoint, crew=crew, parts=5)
    assert {"changed", "removed", "reordered", "hidden", "rewritten"} <= {fault.what for fault in alone.faults}
