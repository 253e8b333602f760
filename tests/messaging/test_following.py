"""Following the log by position: the promises of the consumers, for services of one process, and for those apart."""

import random
import threading

import eventlet
import pytest

from shared.messaging.consuming.dead_letters import list_dead, retry
from shared.messaging.publishing.catchup import catch_up, resume
from shared.platform.database.pool import Database
from shared.store.projection.rebuild import rebuild
from tests.fixtures.waiting import eventually
from tests.messaging.following import (
    NAMES,
    Seen,
    Start,
    Sums,
    Writer,
    all_applied,
    decode,
    head_of,
    in_log,
    saved,
    sums,
)
from tests.messaging.helping import drain


def test_every_event_is_applied_once_and_in_order(memory_url: str, log: Database, start: Start) -> None:
    """What lay in the log before, and what comes afterwards, ends up in all tables; the positions say so."""
    writer = Writer(log)
    writer.write(*[number % 7 for number in range(90)])
    start(memory_url)
    for _ in range(10):
        writer.write(*[random.randrange(7) for _ in range(5)])
        eventlet.sleep(0.005)
    all_applied(log)

    eventually(lambda: [saved(log, name) for name in NAMES] == [head_of(log)] * 2, what="positions saved")


def test_poison_holds_only_its_own_service(broker: str, log: Database, start: Start) -> None:
    """What one service cannot apply is put aside for it alone, with the reason, once it is mended it can be retried."""
    Sums.bad.add("Bad")
    writer = Writer(log)
    start(broker)
    writer.write(*range(10))
    [bad] = writer.write(3, kind="Bad")
    writer.write(*range(10, 30))
    all_applied(log, "two")
    [dead] = eventually(lambda: list_dead(broker, "one"), what="the dead letter")
    expected = in_log(log)
    expected[3].remove(bad)

    assert ("failed", "Bad") == (dead.reason, dead.type)
    assert expected == eventually(lambda: (found := sums(log, "one")) == expected and found)
    assert [] == list_dead(broker, "two")
    Sums.bad.clear()
    assert 1 == retry(broker, "one")
    all_applied(log)


def test_what_concerns_a_service_comes_to_its_method(broker: str, log: Database, start: Start, seen: Seen) -> None:
    """An event about which something is to be done comes to the service's method, after its tables; no other does."""
    tables: list[bool] = []
    seen.act = lambda name, events: tables.extend(
        each.data["number"] in sums(log, name)[each.dossier.int - 1] for each in events
    )
    writer = Writer(log)
    start(broker)
    writer.write(*range(10))
    told = writer.write(2, 4, kind="Concerns")
    writer.write(*range(10))
    eventually(lambda: all(sorted(seen.numbers[name]) == told for name in NAMES), what="the method called")
    all_applied(log)

    assert {True} == set(tables)


def test_slow_work_holds_nobodys_tables(memory_url: str, log: Database, start: Start, seen: Seen) -> None:
    """While a service's method works, all tables go on, its own too; its position waits for the method."""
    gate = threading.Event()
    seen.act = lambda *_: gate.wait(120)
    writer = Writer(log)
    start(memory_url)
    writer.write(1, kind="Concerns")
    before = head_of(log) - 1
    for _ in range(5):
        writer.write(*range(8))
        all_applied(log)
    waited = saved(log, "one")
    gate.set()
    eventually(lambda: saved(log, "one") == head_of(log), what="the position saved")

    assert before >= waited


def test_tables_need_no_broker(log: Database, start: Start) -> None:
    """While the broker is away the tables go on; what is to be done besides waits, and so does readiness."""
    writer = Writer(log)
    start("amqp://nobody:nothing@127.0.0.1:1//")
    writer.write(*range(8))
    writer.write(1, kind="Concerns")
    writer.write(*range(8))
    all_applied(log)

    assert saved(log, "one") < head_of(log)


def test_tables_that_are_away_hold_only_their_own_service(memory_url: str, log: Database, start: Start) -> None:
    """A service whose tables are not there waits for them; the others go on, and it catches up."""
    writer = Writer(log)
    owner = Database(log.url)
    with owner.autocommit() as cursor:
        cursor.execute("ALTER TABLE one.sums RENAME TO elsewhere")
    start(memory_url)
    writer.write(*range(30))
    writer.write(*range(30))
    all_applied(log, "two")
    with owner.autocommit() as cursor:
        cursor.execute("ALTER TABLE one.elsewhere RENAME TO sums")
    owner.close()
    all_applied(log)


def test_what_is_lacking_is_looked_at_again(memory_url: str, log: Database, start: Start) -> None:
    """Set back to what its tables lack, a running service applies it again."""
    writer = Writer(log)
    start(memory_url)
    writer.write(*range(12))
    all_applied(log)
    eventually(lambda: saved(log, "one") == head_of(log))
    with log.transaction() as cursor:
        cursor.execute("TRUNCATE one.applied, one.sums")
        cursor.execute("UPDATE one.low_water SET position = 0")
    resume(log, ["one"])
    all_applied(log)


@pytest.mark.rabbitmq
def test_what_lay_in_a_lost_queue_is_done_after_a_catch_up(
    broker_url: str, log: Database, start: Start, seen: Seen
) -> None:
    """What a service has to do besides its tables is done, although these lack nothing and its queue is gone."""
    gate = threading.Event()
    seen.act = lambda *_: gate.wait(60)
    writer = Writer(log)
    containers = start(broker_url, "one")
    told = writer.write(1, kind="Concerns")
    writer.write(*range(8))
    all_applied(log, "one")
    eventually(lambda: saved(log, "one") == head_of(log), what="the position saved")
    for each in containers.values():
        each.kill()
    eventually(lambda: drain(broker_url, "aduan.one"), what="the message back in the queue, and gone with it")
    seen.act = lambda *_: None
    start(broker_url, "one")
    writer.write(*range(8))
    all_applied(log, "one")
    lost = list(seen.numbers["one"])
    catch_up(log, ["one"], {"one": 20})

    eventually(lambda: told == seen.numbers["one"], what="done after all")
    assert [] == lost


def test_a_rebuild_disturbs_nobody(memory_url: str, log: Database, start: Start) -> None:
    """Tables are exchanged while all services write theirs in one transaction; nothing is lost."""
    writer = Writer(log)
    start(memory_url)
    owner = Database(log.url)
    stop = threading.Event()

    def go_on() -> None:
        while not stop.is_set():
            writer.write(*[random.randrange(20) for _ in range(10)])
            eventlet.sleep(0.01)

    writing = eventlet.spawn(go_on)
    for _ in range(3):
        rebuild(owner, Sums(), decode)
    stop.set()
    writing.wait()
    owner.close()
    all_applied(log)


def test_an_unknown_event_is_passed_over(memory_url: str, log: Database, start: Start, seen: Seen) -> None:
    """A type of a newer version stops nobody and concerns nobody."""
    writer = Writer(log)
    start(memory_url)
    writer.write(1)
    writer.write(1, kind="OfTomorrow")
    writer.write(2)
    eventually(lambda: all(saved(log, name) == head_of(log) for name in NAMES), what="positions saved")

    assert [{1: [1], 2: [3]}] * 2 == [sums(log, name) for name in NAMES]
    assert {"one": [], "two": []} == seen.numbers
