"""``aduan doctor`` names what is broken, and what is broken only."""

import json
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import psycopg2
import pytest
from amqp.basic_message import Message
from eventsourcing.persistence import StoredEvent
from kombu import Connection

from cli.doctoring.line import Diagnosis, Measures
from shared.application.service_roles import give_rights
from shared.base.randomness import SystemRandomness
from shared.base.services import SERVICES
from shared.platform.secret import new_secret
from shared.store.vault.keys import MasterKey
from shared.store.vault.vault import Vault
from tests.doctor.patient import TENANT, Patient
from tests.eventstore.making import append_now, settled
from tests.fixtures.waiting import eventually
from tests.tamper.logins import LOGINS, as_login, make_logins

USUAL = {"database.roles", "backups"}
"""Of tests' databases: their login is a superuser, and nobody copies them."""
LONG_AGO = (datetime.now(UTC) - timedelta(days=2)).isoformat()

Broken = dict[str, str]


def _not_well(patient: Patient, *parts: str) -> Broken:
    return {each.check: each.state for each in patient.look(*parts).values() if _is_odd(each)}


def _is_odd(line: Diagnosis) -> bool:
    return line.state != "ok" and line.check not in USUAL


def test_what_is_well_is_called_so(patient: Patient) -> None:
    """Nothing fails, and what is worth a look says what to do."""
    lines = patient.look()

    assert {} == {each.check: each.said for each in lines.values() if _is_odd(each)}
    assert {"warn"} == {lines[check].state for check in USUAL}
    assert all(each.remedy for each in lines.values() if each.state != "ok")
    assert {f"followers.{name}" for name in SERVICES} | {f"tenants.{TENANT}.holidays"} <= set(lines)


def _lock(patient: Patient) -> None:
    patient.followers.close()


def _append(patient: Patient) -> None:
    state = json.dumps({"recorded_at": LONG_AGO}).encode()
    append_now(patient.database, [StoredEvent(uuid4(), 1, "Noted", state)])
    eventually(lambda: settled(patient.database) > 0, what="that the log shows what was appended")


def _clock_due(patient: Patient) -> None:
    patient.sql(
        f"""
        INSERT INTO sla.clocks (dossier, id, tenant, ticket, target, step, actor, started_at, promised_due_at, due_at,
            sop_version, calendar_version, state, breach_noted, escalated, fire_at)
        SELECT gen_random_uuid(), '1', '{TENANT}', 'X-1', 'step', 's', 'a', t, t, t, 1, '1', 'running', false, 0, t
          FROM (VALUES ('{LONG_AGO}'::timestamptz)) AS at (t)
        """
    )


def _letter_due(patient: Patient) -> None:
    patient.sql(
        f"""
        INSERT INTO notify.messages (dossier, version, recipient, template, tenant, queued_at, next_attempt_at)
        VALUES (gen_random_uuid(), 1, 'reporter', 'receipt', '{TENANT}', '{LONG_AGO}', '{LONG_AGO}')
        """
    )


def _message_unread(patient: Patient) -> None:
    patient.sql(
        f"""
        INSERT INTO channels.heard (tenant, channel, account, message_id, person, provider_at, next_attempt_at, state)
        VALUES ('{TENANT}', 'sms', 'modem', '1', gen_random_uuid(), '{LONG_AGO}', '{LONG_AGO}', 'new')
        """
    )


CASES: dict[str, tuple[Callable[[Patient], object], Broken]] = {
    "a setting that is none": (lambda p: p.set(ADUAN_MAXTER_KEY="x"), {"settings": "fail"}),
    "no database": (lambda p: p.set(ADUAN_DATABASE_URL="postgresql://a:hunter2@127.0.0.1:1/a"), {"database": "fail"}),
    "a lost master key": (lambda p: p.set(ADUAN_MASTER_KEY=new_secret()), {"master_key": "fail"}),
    "a column that is gone": (
        lambda p: p.sql("ALTER TABLE sla.clocks DROP COLUMN told"),
        {"database.migrations": "fail"},
    ),
    "a step not taken": (
        lambda p: p.sql("DELETE FROM migrations.steps WHERE room = 'vault'"),
        {"database.migrations": "fail"},
    ),
    "tables of an older version": (
        lambda p: p.sql(
            "CREATE TABLE IF NOT EXISTS sla.outdated (since timestamptz)", "INSERT INTO sla.outdated SELECT now()"
        ),
        {"database.tables": "warn"},
    ),
    "a government that has not wholly arrived": (
        lambda p: p.sql(
            "INSERT INTO eventstore.moves (tenant, state, other, sums) "
            f"VALUES ('{TENANT}', 'arriving', 'db1:5432/aduan', '{{}}')"
        ),
        {"database.moves": "warn"},
    ),
    "nobody follows": (_lock, {f"followers.{name}": "fail" for name in SERVICES}),
    "an event that ends processes": (
        lambda p: p.sql("UPDATE messaging.followers SET tries = 9 WHERE service = 'notify'"),
        {"followers.notify": "fail"},
    ),
    "a service that was never started": (
        lambda p: p.sql("DELETE FROM messaging.followers WHERE service = 'sla'"),
        {"followers.sla": "warn"},
    ),
    "nobody moves on": (_append, {**{f"followers.{name}": "fail" for name in SERVICES}, "relay": "fail"}),
    "a clock that was not decided": (_clock_due, {"clocks": "fail"}),
    "a letter that was not sent": (_letter_due, {"letters": "fail"}),
    "an erasure that nobody has agreed to": (
        lambda p: p.sql(
            "INSERT INTO identity.erasures (tenant, ticket, reason, asked_by, asked_at)"
            f" VALUES ('{TENANT}', 'X-1', 'asked', 'siti', '2020-01-01T00:00:00Z')"
        ),
        {"data": "warn"},
    ),
    "a correction that nobody has made": (
        lambda p: p.sql(
            "INSERT INTO reporting.data_requests (dossier, version, tenant, month, kind, due_at)"
            f" VALUES (gen_random_uuid(), 2, '{TENANT}', '2020-01', 'correction', '{LONG_AGO}')"
        ),
        {"data": "warn"},
    ),
    "a message that nobody has read": (_message_unread, {"heard": "fail"}),
    "a procedure that cannot be read": (
        lambda p: (p.tenants / TENANT / "calendar.yaml").write_text("nonsense: [", encoding="utf-8"),
        {f"tenants.{TENANT}": "fail"},
    ),
    "no government at all": (lambda p: p.set(ADUAN_TENANTS_DIR=str(p.secrets)), {"tenants": "fail"}),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_broken_is_named(case: str, without_broker: Patient) -> None:
    """Each fault by itself, and nothing else with it; what cannot be seen because of it is not guessed at."""
    _admit(without_broker)
    do, expected = CASES[case]
    do(without_broker)
    parts = ("tenants",) if {"tenants", f"tenants.{TENANT}"} & set(expected) else ("database", "work")
    found = _not_well(without_broker, *parts)

    assert expected == found


def _admit(patient: Patient) -> None:
    """The vault knows its master key, as after the first start."""
    Vault(patient.database, MasterKey.from_text(patient.master_key), SystemRandomness()).admit()


def test_a_key_that_still_wraps_is_worth_a_look(without_broker: Patient) -> None:
    """While a change of the master key is under way, nothing fails."""
    _admit(without_broker)
    without_broker.set(ADUAN_FORMER_MASTER_KEYS=without_broker.master_key, ADUAN_MASTER_KEY=new_secret())

    assert "warn" == without_broker.look("database")["master_key"].state


def test_a_database_that_takes_no_writes_is_no_database(without_broker: Patient) -> None:
    """A standby answers like its primary; what is written to it is lost."""
    name = without_broker.url.rsplit("/", 1)[1].split("?")[0]
    without_broker.sql(f"ALTER DATABASE {name} SET default_transaction_read_only = on")

    assert "fail" == without_broker.look("database")["database"].state


@pytest.mark.parametrize(
    ("url", "said"), [("postgresql://a:hunter2@127.0.0.1:1/a", "refused"), ("", "no standby")], ids=["away", "none"]
)
def test_a_standby_that_cannot_be_read_from_stops_nobody(url: str, said: str, without_broker: Patient) -> None:
    """Lists are read from the primary then: it is worth a look, and no fault."""
    without_broker.set(ADUAN_READ_DATABASE_URL=url or without_broker.url)
    lines = without_broker.look("database")

    assert ("warn", True) == (lines["database.standby"].state, said in lines["database.standby"].said)
    assert "fail" not in {each.state for each in lines.values()}
    assert "hunter2" not in str(lines)


def test_a_login_without_rights_is_told_which_it_needs(without_broker: Patient) -> None:
    """The statement is given that would mend it."""
    login = f"stranger_{uuid4().hex[:8]}"
    without_broker.sql(f"CREATE ROLE {login} LOGIN")
    try:
        without_broker.set(ADUAN_DATABASE_URL=without_broker.url.replace("postgres@", f"{login}@", 1))
        found = without_broker.look("database")["database.roles"]
    finally:
        without_broker.sql(f"DROP ROLE {login}")

    assert ("fail", True) == (found.state, f"GRANT aduan_app TO {login}" in found.remedy)


def test_a_service_s_own_login_sees_what_it_may_see(without_broker: Patient) -> None:
    """It is as it should be, and no fault; what it may not see is said to be unseen, and how to see it. A master key
    that it has for nothing is told.
    """
    server = without_broker.url
    make_logins(server)
    try:
        with without_broker.database.autocommit() as cursor:
            give_rights(cursor)
        _admit(without_broker)
        without_broker.set(ADUAN_DATABASE_URL=as_login(server, "aduan_sla"))
        needless = without_broker.look("database")["master_key"]
        without_broker.set(ADUAN_MASTER_KEY="", ADUAN_CALLS_KEY=new_secret())
        lines = without_broker.look("database", "work")
    finally:
        without_broker.sql(*(f"DROP OWNED BY {login}" for login in LOGINS))
        without_broker.sql(*(f"DROP ROLE {login}" for login in reversed(list(LOGINS))))

    assert [] == [each for each in lines.values() if each.state == "fail"]
    assert ("warn", True) == (needless.state, "aduan secret --calls" in needless.remedy)
    assert ("ok", "ok", "warn") == (lines["database.roles"].state, lines["master_key"].state, lines["work"].state)
    assert "migrate doctor" in lines["work"].remedy


def test_an_open_transaction_that_holds_readers_up_is_named(without_broker: Patient) -> None:
    """However little anybody else notices: no reader of the log gets past it."""
    without_broker.measures = Measures(patience=0.0)
    with closing(psycopg2.connect(without_broker.url)) as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()")
        found = without_broker.look("work")["log.readers"]

    assert ("fail", True) == (found.state, "pg_terminate_backend" in found.remedy)


def test_a_disk_that_fills_is_named(without_broker: Patient) -> None:
    """By the share that is free, as asked for."""
    without_broker.measures = Measures(least_free=1.0)

    assert "ok" != without_broker.look("disk")["disk.data"].state


def test_the_broker_is_away(without_broker: Patient) -> None:
    """It is said in a line, and everything else is looked at all the same."""
    lines = without_broker.look("broker", "database")

    assert ("fail", "ok") == (lines["broker"].state, lines["database"].state)
    assert "hunter2" not in str(lines)


def test_what_lies_in_queues_is_told(patient: Patient) -> None:
    """Dead letters deserve a look; a queue that nobody takes from is a fault; one of another type, too."""
    queues = patient.consumers
    queues.queue_delete("aduan.sla.dead")
    queues.queue_declare("aduan.sla.dead", durable=True, auto_delete=False)
    queues.basic_publish(Message("{}", delivery_mode=2), exchange="", routing_key="aduan.notify.dead")
    queues.close()
    with Connection(patient.broker) as other:
        other.channel().queue_delete("aduan.routing")

    found = _not_well(patient, "broker")
    untaken = {f"broker.aduan.{name}": "fail" for name in (*SERVICES, "intake.submissions")}
    assert {**untaken, "dead.notify": "warn", "broker.aduan.sla.dead": "fail"} == found


def _connect(patient: Patient) -> None:
    (patient.tenants / TENANT / "channels.yaml").write_text(
        "channels:\n  - {id: telegram, kind: telegram, extra: true, bot: aduan_bot}\n", encoding="utf-8"
    )


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, {"channels.cirebon.telegram": "fail"}),
        ({"cirebon.telegram.bot_token": 0o600}, {}),
        ({"cirebon.telegram.bot_token": 0o602}, {"channels.cirebon.telegram": "fail"}),
        ({"cirebon.telegram.bot_token": 0o644}, {"secrets.rights": "warn"}),
        ({"cirebon.telegram.bot_token": 0o600, "cirebon.telegran.x": 0o600}, {"secrets.unused": "warn"}),
    ],
    ids=["none", "well", "writable", "readable", "misspelt"],
)
def test_channels_find_their_secrets(files: dict[str, int], expected: Broken, without_broker: Patient) -> None:
    """A channel that is connected and has no secret can neither hear nor speak."""
    _connect(without_broker)
    for name, mode in files.items():
        (without_broker.secrets / name).write_text("hunter2")
        (without_broker.secrets / name).chmod(mode)
    lines = without_broker.look("channels")
    found = {each.check: each.state for each in lines.values() if each.check.split(".")[0] in {"channels", "secrets"}}

    assert expected == {check: state for check, state in found.items() if state != "ok"}
    assert "hunter2" not in str({check: each for check, each in lines.items() if check != "broker"})
