"""A message that ends the process of whoever takes it is given up after a few tries, across restarts."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from shared.messaging.consuming.dead_letters import list_dead
from shared.messaging.consuming.deadly import OFTEN, TRIES, Deadly
from shared.messaging.wire.received import DELIVERY_COUNT, Received
from shared.platform.database.pool import Database
from tests.fixtures.waiting import patience
from tests.messaging.helping import declare, depth, event, known, publish

_SERVICE = """
import warnings
warnings.simplefilter("ignore")
import eventlet
eventlet.monkey_patch()
import os, sys, time
from nameko.containers import ServiceContainer
from shared.messaging.consuming.consumer import consume_log
from shared.messaging.consuming.dead_letters import list_dead
from shared.messaging.publishing.relay import LogRelay
from shared.messaging.publishing.relay_position import set_back
from shared.messaging.wire.configuration import OPTIONS, RUNTIME, Options
from shared.base.clock import SystemClock
from shared.platform.database.pool import Database

url, broker, place, others = sys.argv[1:]

def others_done():
    return len(set(open(place))) if os.path.exists(place) else 0

class Parts:
    database = Database(url)
    clock = SystemClock()

class Reporting:
    name = "reporting"
    if broker.startswith("memory"):
        relay = LogRelay()

    @consume_log("reporting", batch=4)
    def project(self, events):
        if any(each.data["number"] == 7 for each in events):
            os._exit(9)
        with open(place, "a") as done:
            done.writelines(f"{each.data['number']}\\n" for each in events)

with Parts.database.autocommit() as cursor:
    set_back(cursor, 0)  # as an embedded start does: its broker begins empty
container = ServiceContainer(Reporting, {"AMQP_URI": broker, RUNTIME: Parts, OPTIONS: Options()})
container.start()
while not list_dead(broker, "reporting") or others_done() < int(others):
    time.sleep(0.05)
print([letter.reason for letter in list_dead(broker, "reporting")])
container.stop()
os._exit(0)
"""


@pytest.mark.slow
def test_it_is_given_up_and_the_others_are_done(broker: str, database: Database, tmp_path: Path) -> None:
    """The process is started again each time it dies, as a supervisor does: soon it lives, and all else is done."""
    known(database, 12)
    if not broker.startswith("memory"):
        declare(broker)
        publish(broker, *[event(number) for number in range(1, 13)])
    deaths = 0
    place = tmp_path / "done"
    while True:
        done = _run(database.url, broker, place)
        if done.returncode == 0:
            break
        assert done.returncode == 9, done.stderr
        deaths += 1
        assert deaths <= OFTEN + TRIES

    assert deaths > 1
    assert "['deadly']" in done.stdout
    assert {number for number in range(1, 13) if number != 7} == {int(line) for line in place.read_text().split()}
    if not broker.startswith("memory"):
        assert ["deadly"] == [letter.reason for letter in list_dead(broker, "reporting")]
        assert 0 == depth(broker, "aduan.reporting")


def _run(database_url: str, broker: str, place: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", _SERVICE, database_url, broker, str(place), "11"]
    return subprocess.run(
        command, env={**os.environ}, capture_output=True, text=True, check=False, timeout=patience(60)
    )


def message(number: int, came_back: int = 0) -> Received:
    """A message that came back so often."""
    return Received(b"{}", "Answered", number, None, {"subject": str(number), DELIVERY_COUNT: came_back})


def test_what_was_only_fetched_at_a_restart_is_no_suspect(database: Database) -> None:
    """Every restart brings messages back that nobody has begun; those that come back again and again are watched."""
    watch = Deadly(database, "aduan.reporting", forgetful=False)

    assert [False, False, True, True] == [watch.suspects(message(1, count)) for count in (0, 1, OFTEN, 10**6)]
    assert not Deadly(None, "aduan.reporting", forgetful=True).suspects(message(1, 10))


def test_only_tries_that_ended_nowhere_count(database: Database) -> None:
    """A try that was lived through is crossed out, by whichever instance; the others add up, for this message alone."""
    one, other = (Deadly(database, "aduan.reporting", forgetful=False) for _ in range(2))
    for _ in range(5):
        assert one.try_alone(message(1, 9))
        other.survived(message(1, 9))
    assert [True] * TRIES + [False] == [one.try_alone(message(1, 9)) for _ in range(TRIES + 1)]
    assert not other.try_alone(message(1, 9))
    assert other.try_alone(message(2, 9))
    assert Deadly(database, "aduan.sla", forgetful=False).try_alone(message(1, 9))


def test_what_a_forgetful_broker_lost_is_watched_at_the_next_start(database: Database) -> None:
    """The in-memory broker ends with its process; what was in hand then is tried by itself when it comes again."""
    before = Deadly(database, "aduan.reporting", forgetful=True)
    before.begin()
    before.hold([message(1), message(2)])
    after = Deadly(database, "aduan.reporting", forgetful=True)
    after.begin()
    after.hold([message(3)])

    assert [True, True, False] == [after.suspects(message(number)) for number in (1, 2, 3)]
    after.survived(message(1))
    assert [False, True] == [after.suspects(message(number)) for number in (1, 2)]
