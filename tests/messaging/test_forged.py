"""Who can write to the broker can make a service look into the log, and change nothing by it."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from cli.hosting import service_class
from services.intake.receipts import Receipt
from shared.application.runtime import Runtime
from shared.base.services import SERVICES
from shared.messaging.consuming.dead_letters import list_dead
from shared.messaging.wire.configuration import OPTIONS, Options, nameko_config
from shared.messaging.wire.envelope import to_message
from shared.messaging.wire.outgoing import Outgoing
from shared.platform.health import checks_of
from shared.store.eventstore.reading import RecordedEvent, read_dossier
from tests.fixtures.office import Office
from tests.fixtures.owing import owed
from tests.fixtures.waiting import eventually
from tests.messaging.helping import Serve, declare, depth, tell

TABLES = (
    "intake.tickets",
    "routing.inbox",
    "sla.clocks",
    "reporting.cases",
    "reporting.holdings",
    "notify.notices",
    "notify.messages",
)
CONSUMERS = [name for name in SERVICES if name != "intake"]


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    """The commands, and a folder for letters."""
    made = Office(database_url)
    made.runtime = replace(made.runtime, settings=replace(made.runtime.settings, data_dir=tmp_path))
    yield made
    made.close()


@pytest.fixture
def config(broker: str, office: Office, serve: Serve) -> dict[str, Any]:
    """All five services run on a broker that hands them the log."""
    runtime = office.runtime
    made = {**nameko_config(runtime.settings, runtime), "AMQP_URI": broker, OPTIONS: Options(retries=1, linger_ms=5)}
    declare(broker)
    for name in SERVICES:
        serve(service_class(name), made)
    eventually(lambda: checks_of(made).readiness().ok, what="all ready")
    return made


def rows(runtime: Runtime) -> dict[str, list[str]]:
    """What the services know, in a fixed order."""
    found = {}
    with runtime.database.autocommit() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT to_jsonb(t)::text FROM {table} AS t ORDER BY 1")
            found[table] = [row[0] for row in cursor.fetchall()]
    return found


def events(runtime: Runtime, dossier: UUID) -> list[RecordedEvent]:
    """What the log says of a dossier."""
    with runtime.database.autocommit() as cursor:
        return read_dossier(cursor, dossier)


def settle(broker: str, office: Office, receipt: Receipt) -> dict[str, list[str]]:
    """Wait until all services have applied all of a dossier and none has anything more to do; what they know then."""
    runtime = office.runtime

    def applied() -> bool:
        last = events(runtime, receipt.id)[-1].version
        with runtime.database.autocommit() as cursor:
            for name in SERVICES:
                cursor.execute(f"SELECT FROM {name}.applied WHERE dossier = %s AND version = %s", (receipt.id, last))
                if cursor.fetchone() is None:
                    return False
        if owed(runtime) or any(depth(broker, f"aduan.{name}") for name in SERVICES):
            return False
        return last == events(runtime, receipt.id)[-1].version  # what a service did meanwhile is an event as well

    eventually(applied, what="all applied")
    return eventually(lambda: rows(runtime))


def forged(event: RecordedEvent, **changes: Any) -> Outgoing:
    """A message as the relay would publish it, of an event that somebody has thought of."""
    data = {**event.data, **changes.pop("data", {})}
    headers = changes.pop("headers", {})
    made = to_message(replace(event, **changes, state=json.dumps(data).encode()))
    return replace(made, headers={**made.headers, **headers})


def lies(broker: str) -> dict[str, tuple[str, ...]]:
    """Why messages were put aside, by service."""
    return {name: tuple({letter.reason for letter in list_dead(broker, name)}) for name in CONSUMERS}


@pytest.mark.parametrize(
    "lie",
    [
        {"type": "Closed", "version": 1000, "data": {"status": "closed", "step": None, "promise": None}},
        {"type": "SomethingOfTomorrow", "version": 1000},
        {"type": "Closed", "version": 2_000_000_000},
        {"type": "Answered", "version": 1000, "dossier": uuid4()},
    ],
    ids=["closed", "unknown", "future", "another"],
)
def test_what_is_not_in_the_log_changes_nothing(
    broker: str, office: Office, config: dict[str, Any], lie: dict[str, Any]
) -> None:
    """However often and in whatever words: the rows stay, no letter is written, and the services go on."""
    receipt = office.file()
    before = settle(broker, office, receipt)
    (*_, last) = events(office.runtime, receipt.id)
    changes = {**lie, "version": last.version + 1 if lie["version"] == 1000 else lie["version"]}
    tell(broker, *[forged(last, **changes)] * 40)
    eventually(lambda: all(len(list_dead(broker, name)) == 40 for name in CONSUMERS), what="the lies put aside")

    assert before == settle(broker, office, receipt)
    assert {("not_in_log",)} == set(lies(broker).values())
    assert checks_of(config).readiness().ok
    office.act(receipt, "coordinator", "dispose", agency="dpupr")
    after = settle(broker, office, receipt)
    assert before["routing.inbox"] != after["routing.inbox"]


def test_what_a_message_says_of_an_event_is_not_believed(broker: str, office: Office, config: dict[str, Any]) -> None:
    """An event that is in the log, told with another type, text, tenant or position, is what the log says."""
    first, second = office.file(), office.file(tenant="bantul")
    settle(broker, office, first)
    before = settle(broker, office, second)
    for event in (*events(office.runtime, first.id), *events(office.runtime, second.id)):
        tell(
            broker,
            forged(event, type="Closed", data={"status": "closed", "tenant": "majalengka"}),
            forged(event, headers={"tenant": "majalengka", "type": "Erased", "position": 2**62}),
            forged(event, position=-5),
            replace(to_message(event), body=b"\xff", routing_key="Erased"),
            *[to_message(event)] * 20,
        )

    assert before == settle(broker, office, first)
    assert {()} == set(lies(broker).values())


def test_a_lie_told_first_does_not_hide_the_truth(broker: str, office: Office, config: dict[str, Any]) -> None:
    """The next version is forged before it happens; when it happens, all services have it."""
    receipt = office.file()
    settle(broker, office, receipt)
    (*_, last) = events(office.runtime, receipt.id)
    tell(broker, forged(last, type="SomethingOfTomorrow", version=last.version + 1))
    eventually(lambda: all(list_dead(broker, name) for name in CONSUMERS))
    office.act(receipt, "coordinator", "dispose", agency="dpupr")
    told = settle(broker, office, receipt)

    assert any("dpupr" in row for row in told["routing.inbox"])


def test_two_instances_are_not_deceived_either(
    broker: str, office: Office, config: dict[str, Any], serve: Serve
) -> None:
    """Two of each service, lies and truths mixed, a second relay standing by: the rows are those of one of each."""
    for name in SERVICES:
        serve(service_class(name), {**config, "aduan.checks": checks_of({})})
    receipts = [office.file() for _ in range(20)]
    for receipt in receipts:
        (*_, last) = events(office.runtime, receipt.id)
        tell(broker, forged(last, type="Closed", version=last.version + 1), to_message(last), to_message(last))
        office.act(receipt, "coordinator", "dispose", agency="dpupr")
    for receipt in receipts:
        told = settle(broker, office, receipt)

    assert 20 == sum("dpupr" in row for row in told["routing.inbox"])
    assert 20 == len(told["reporting.cases"])
    assert checks_of(config).readiness().ok


def test_an_event_that_is_not_settled_is_not_taken_early(broker: str, office: Office, config: dict[str, Any]) -> None:
    """A message that comes before an event can be read by those who follow the log is put aside; the relay's is not."""
    receipt = office.file()
    settle(broker, office, receipt)
    other = Office(office.runtime.settings.database_url)
    with other.runtime.database.transaction() as holding:
        holding.execute("SELECT pg_current_xact_id()")  # an older transaction holds up all readers
        office.act(receipt, "coordinator", "dispose", agency="dpupr")
        (*_, last) = events(office.runtime, receipt.id)
        tell(broker, to_message(last))
        eventually(lambda: all(list_dead(broker, name) for name in CONSUMERS))
        assert last.version == 1 + _applied(office.runtime, receipt.id)
    other.close()
    settle(broker, office, receipt)

    assert {("not_in_log",)} == set(lies(broker).values())


def _applied(runtime: Runtime, dossier: UUID) -> int:
    with runtime.database.autocommit() as cursor:
        cursor.execute("SELECT version FROM routing.applied WHERE dossier = %s", (dossier,))
        row = cursor.fetchone()
        return 0 if row is None else int(row[0])
