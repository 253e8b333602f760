"""Nothing is outstanding after a fault, and nothing is there twice."""

import signal
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.fixtures.waiting import eventually
from tests.processes.cluster import Member, ProcessCluster
from tests.processes.conftest import Running
from tests.processes.traffic import (
    dead_letters,
    differing,
    end_leases,
    filed,
    gaps,
    head,
    query,
    submit,
    tables,
    unsent,
)

SETTLE_SECONDS = 120.0
UNDER_WAY = 50
COMPLAINTS = (300, pytest.param(1000, marks=pytest.mark.chaos))
"""Enough to be killed in the midst of them; a thousand where there are minutes for it."""

pytestmark = [pytest.mark.process, pytest.mark.rabbitmq]


@contextmanager
def _arriving(cluster: ProcessCluster, complaints: int) -> Iterator[None]:
    """Complaints come in during the block; afterwards each must be everywhere, once."""
    before, so_far = filed(cluster), head(cluster)
    adapter = threading.Thread(target=submit, args=(cluster.broker_url, uuid.uuid4().hex, complaints))
    adapter.start()
    eventually(lambda: filed(cluster) > before + UNDER_WAY, within=60, what="the first complaints filed")
    yield
    adapter.join()
    _settled(cluster, before + complaints, so_far)


def _settled(cluster: ProcessCluster, expected: int, since: int) -> None:
    """What came after a position is everywhere, once; the last test asks that of all that ever came."""
    cluster.wait_ready()
    eventually(lambda: filed(cluster) >= expected, within=SETTLE_SECONDS, every=0.2, what="all complaints filed")
    eventually(lambda: not differing(cluster, since), within=SETTLE_SECONDS, every=0.5, what="all events applied")
    end_leases(cluster)
    eventually(lambda: unsent(cluster) == 0, within=SETTLE_SECONDS, every=0.2, what="all letters sent")

    assert expected == filed(cluster)
    assert [] == gaps(cluster)
    assert [] == differing(cluster, since)
    assert [] == dead_letters(cluster)


def _leader(cluster: ProcessCluster) -> Member:
    leaders: list[Member] = eventually(
        lambda: [member for member in cluster.members if member.leads()], what="somebody publishes the log"
    )
    return leaders[0]


@pytest.mark.parametrize("service", ["intake", "routing", "sla", "notify", "reporting"])
@pytest.mark.parametrize("complaints", COMPLAINTS)
def test_a_service_is_killed_among_complaints(running: Running, service: str, complaints: int) -> None:
    """Kill -9 any service in the middle of its work and start it again: everything is everywhere exactly once."""
    member = running.cluster.of(service)[0]
    with _arriving(running.cluster, complaints):
        member.tell(signal.SIGKILL)
        member.left()
        member.start()


@pytest.mark.parametrize("complaints", COMPLAINTS)
def test_the_broker_is_killed_among_complaints(running: Running, complaints: int) -> None:
    """Kill -9 the broker in the middle of the complaints, start it again, and all go on by themselves."""
    with _arriving(running.cluster, complaints):
        running.broker.kill()
        running.broker.start()


def test_the_publishing_process_is_killed_among_complaints(running: Running) -> None:
    """Another process takes over within seconds; the one that led need not come back for that."""
    leader = _leader(running.cluster)
    with _arriving(running.cluster, 300):
        leader.tell(signal.SIGKILL)
        leader.left()
        other = _leader(running.cluster)
        leader.start()

    assert leader is not other


def test_the_database_is_restarted_among_complaints(running: Running) -> None:
    """Every connection breaks and nothing answers for a while: the services wait, and go on by themselves."""
    with _arriving(running.cluster, 300):
        running.database.stop()
        running.database.start()


@pytest.mark.parametrize("service", ["intake", "reporting"])
def test_a_service_told_to_stop_leaves_in_good_order(running: Running, service: str) -> None:
    """SIGTERM in the middle of work: it finishes, acknowledges, and leaves with status 0; nothing is lost."""
    member = running.cluster.of(service)[0]
    with _arriving(running.cluster, 300):
        member.tell(signal.SIGTERM)
        status = member.left()
        member.start()

    assert 0 == status, member.tail()


def test_a_rebuild_gives_the_same_rows(running: Running) -> None:
    """``aduan rebuild all`` makes every table anew from the log while everything runs, and nobody can tell."""
    cluster = running.cluster
    with _arriving(cluster, 100):
        cluster.aduan("rebuild", "all")
    eventually(
        lambda: not query(cluster, "SELECT FROM sla.clocks WHERE fire_at < now()"), within=30, what="no timer due"
    )
    for _ in range(3):
        last, before = head(cluster), tables(cluster)
        rebuilt = cluster.aduan("rebuild", "all")
        after = tables(cluster)
        if last == head(cluster):
            break  # else what earlier tests filed has just fallen due

    assert 5 == len(rebuilt.splitlines())
    assert before == after


@pytest.mark.parametrize("service", ["intake", "notify"])
def test_a_process_of_several_is_killed_among_complaints(few: Running, service: str) -> None:
    """The same where services share a process: kill -9 takes all of them at once, and nothing is lost or twice."""
    member = few.cluster.of(service)[0]
    with _arriving(few.cluster, 300):
        member.tell(signal.SIGKILL)
        member.left()
        member.start()


def test_the_broker_is_killed_under_few_processes(few: Running) -> None:
    """They go on by themselves; and told to stop in the middle of work, each leaves in good order."""
    member = few.cluster.of("intake")[0]
    with _arriving(few.cluster, 300):
        few.broker.kill()
        few.broker.start()
        few.cluster.wait_ready()
        member.tell(signal.SIGTERM)
        status = member.left()
        member.start()

    assert 0 == status, member.tail()


@pytest.mark.parametrize("form", ["running", "few"])
def test_after_all_that_everything_is_whole(request: pytest.FixtureRequest, form: str) -> None:
    """Comes last: every table holds what the log says from its first event on, and no chain of hashes is broken."""
    cluster = request.getfixturevalue(form).cluster
    eventually(lambda: not differing(cluster), within=SETTLE_SECONDS, every=0.5, what="all events applied")

    assert [] == gaps(cluster)
    assert [] == dead_letters(cluster)
    assert "intact" in cluster.aduan("audit", "verify")
