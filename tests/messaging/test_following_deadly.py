"""An event that ends the process of whoever applies it is given up across restarts, by who follows the log as well."""

import os
import re
import subprocess
import sys

import pytest

from shared.messaging.consuming.dead_letters import list_dead
from shared.messaging.consuming.deadly import OFTEN as OFTEN_IN_QUEUE
from shared.messaging.consuming.deadly import TRIES
from shared.messaging.consuming.follower import OFTEN
from shared.platform.database.pool import APPLICATION_ROLE, Database
from shared.platform.settings import PROJECT
from tests.fixtures.waiting import patience
from tests.messaging.following import Writer, in_log, make_tables, sums
from tests.messaging.helping import declare

_SERVICE = """
import warnings
warnings.simplefilter("ignore")
import eventlet
eventlet.monkey_patch()
import os, sys, time
from nameko.containers import ServiceContainer
from shared.messaging.consuming.dead_letters import list_dead
from shared.messaging.publishing.catchup import resume
from shared.platform.database.pool import Database
from tests.messaging.following import Seen, Sums, in_log, sums
from tests.messaging.helping import config_for

class Deadly(set):
    def __contains__(self, kind):
        if kind == "Bad":
            os._exit(9)
        return False

url, broker = sys.argv[1:]
database = Database(url)
Sums.bad = Deadly()
if broker.startswith("memory"):
    resume(database, ["one"])  # as an embedded start does: its broker begins empty
service = Seen().service("one")
service.database = database
container = ServiceContainer(service, config_for(broker, database, batch=20))
container.start()
while not list_dead(broker, "one") or len(sums(database, "one")) < len(in_log(database)) - 1:
    time.sleep(0.05)
print([letter.reason for letter in list_dead(broker, "one")])
container.stop()
os._exit(0)
"""


@pytest.mark.slow
def test_it_is_given_up_and_the_others_are_applied(broker: str, database_url: str) -> None:
    """The process is started again each time it dies: soon it lives, and every other dossier is as the log tells."""
    owner = Database(database_url)
    make_tables(owner)
    declare(broker, "one")
    log = Database(database_url, role=APPLICATION_ROLE)
    writer = Writer(log)
    writer.write(*range(6))
    writer.write(99, kind="Bad")
    writer.write(*range(8))
    deaths = 0
    while (done := _run(database_url, broker)).returncode != 0:
        assert done.returncode == 9, done.stderr
        deaths += 1
        assert deaths <= OFTEN + 1 + OFTEN_IN_QUEUE + TRIES + 1
    expected = {dossier: numbers for dossier, numbers in in_log(log).items() if dossier != 99}
    found = sums(log, "one")
    log.close()
    owner.close()

    assert deaths > OFTEN
    assert {"deadly"} == set(re.findall(r"'(\w+)'", done.stdout))  # it may have come into the queue twice
    assert expected == found
    if not broker.startswith("memory"):
        assert {"deadly"} == {letter.reason for letter in list_dead(broker, "one")}


def _run(database_url: str, broker: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", _SERVICE, database_url, broker]
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=patience(60))
