"""A machine that stands still for a while, as virtual ones do when they are moved, goes on by itself."""

import signal
import time
from collections.abc import Sequence

import pytest

from tests.fixtures.waiting import eventually
from tests.processes.conftest import Running
from tests.processes.traffic import filed, submit, unsent

pytestmark = [pytest.mark.slow, pytest.mark.process]

ALL = ("intake", "routing", "sla", "notify", "reporting", "portal")


@pytest.mark.parametrize("names", [pytest.param(("notify",), marks=pytest.mark.chaos), ALL])
def test_frozen_processes_go_on(running: Running, names: Sequence[str]) -> None:
    """Longer than any connection waits: the letters that follow are out soon after, without anybody's help."""
    members = [member for name in names for member in running.cluster.of(name)]
    before = filed(running.cluster)
    submit(running.broker.url, f"frozen {names}", 400)
    eventually(lambda: filed(running.cluster) > before + 50, what="that some are filed")
    for member in members:
        member.tell(signal.SIGSTOP)
    time.sleep(16)  # the pause itself
    for member in members:
        member.tell(signal.SIGCONT)

    eventually(lambda: filed(running.cluster) == before + 400, within=60, what="that all are filed")
    eventually(lambda: unsent(running.cluster) == 0, within=60, what="that all letters are out")
