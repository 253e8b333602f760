"""Leadership between processes."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from shared.messaging.publishing.log_publisher import Relay
from shared.messaging.wire.outgoing import ConfirmedPublisher
from shared.platform.database.pool import Database
from tests.fixtures.waiting import eventually
from tests.messaging.helping import record
from tests.messaging.test_relay import position_of, positions, running

_LEADER = """
import warnings
warnings.simplefilter("ignore")
import eventlet
eventlet.monkey_patch()
import sys, threading
from shared.platform.database.pool import Database
from shared.messaging.wire.outgoing import ConfirmedPublisher
from shared.messaging.publishing.log_publisher import Relay
Relay(Database(sys.argv[1]), ConfirmedPublisher("memory://")).run(threading.Event())
"""


@contextmanager
def leader_elsewhere(database: Database) -> Iterator[subprocess.Popen[bytes]]:
    """Another process runs a relay; its own broker swallows what it publishes."""
    process = subprocess.Popen([sys.executable, "-c", _LEADER, database.url], env={**os.environ})
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def test_a_killed_leader_is_replaced(memory_url: str, database: Database) -> None:
    """When the leading process is killed another goes on from the saved position: who stands by asks twice a second."""
    with leader_elsewhere(database) as process:
        recorded = record(database, 3)
        eventually(lambda: position_of(database) == recorded[-1])
        standby = Relay(database, ConfirmedPublisher(memory_url))
        with running(standby):
            more = record(database, 3)
            eventually(lambda: position_of(database) == more[-1])
            assert not standby.leads
            os.kill(process.pid, signal.SIGKILL)
            last = record(database, 3)
            eventually(lambda: position_of(database) == last[-1])

    assert last == positions(memory_url)[-3:]
