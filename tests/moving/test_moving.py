"""A government is taken from one database to another."""

from dataclasses import replace

import psycopg2
import pytest
from psycopg2.extensions import parse_dsn

from cli.commands import aduan
from cli.failures import told
from shared.application.bootstrap import bootstrap, require_fit
from shared.application.moving import moving, standing
from shared.application.moving.copying import LOG
from shared.application.moving.tables import TAKEN
from shared.base.errors import Conflict, Unavailable
from shared.domain.all_tenants import Tenants
from shared.platform.settings import PROJECT, Settings
from tests.fixtures.postgres import fresh_database
from tests.fixtures.waiting import eventually
from tests.moving.conftest import FOLLOWED, MOVED, STAYS, Pair, differing_from

_TO_DO = {table.name for table in TAKEN if table.to_do is not None}


_CHANGED = """
    ALTER TABLE eventstore.events DISABLE TRIGGER append_only;
    UPDATE eventstore.events SET hash = 'x' WHERE position(convert_to(%s, 'UTF8') IN state) > 0
"""


_SESSIONS = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"


class Killed(BaseException):
    """As if the process had been killed: nothing of it is caught, and its connections end."""


def _settings(pair: Pair, url: str, **more: str) -> Settings:
    own = pair.office.runtime.settings
    given = {"ADUAN_DATABASE_URL": url, "ADUAN_MASTER_KEY": own.master_key, "ADUAN_BROKER_URL": "memory://", **more}
    return Settings.from_environment(given)


def _fit(pair: Pair, url: str, **more: str) -> str:
    runtime = bootstrap(_settings(pair, url, **more))
    try:
        require_fit(runtime)
    except (Conflict, Unavailable) as error:
        return error.code
    finally:
        runtime.database.close()
    return "fit"


def test_a_government_goes_with_all_that_is_its_own(pair: Pair, capsys: pytest.CaptureFixture[str]) -> None:
    """Copied while complaints come in, and to the end once everything is stopped: each row is there as it was, the
    other government notices nothing, and neither database is served by whom it should not be.
    """
    ahead = pair.run()
    pair.office.file(MOVED)
    pair.office.file(STAYS)
    again = pair.run()
    arriving = _fit(pair, pair.other)
    pair.office.file(MOVED)
    stays = pair.sums(pair.former, STAYS)
    before = pair.sums(pair.former, MOVED)
    pair.followed()
    finished = pair.run("--finish")
    line = capsys.readouterr().out.splitlines()[-1].split()

    assert (0, 0, 0) == (ahead, again, finished)
    assert set() == differing_from(before, pair.sums(pair.other, MOVED))
    assert set() == differing_from(stays, pair.sums(pair.former, STAYS))
    assert _TO_DO - {"identity.erasures"} <= differing_from(before, pair.sums(pair.former, MOVED)) <= _TO_DO
    assert ("moved", "arrived") == (pair.state(pair.former), pair.state(pair.other))
    assert [MOVED, "="] == line[:2]
    assert ["tenant_is_arriving", "tenant_moved", "fit", "fit"] == [
        arriving,
        _fit(pair, pair.former),
        _fit(pair, pair.former, ADUAN_TENANTS=STAYS),
        _fit(pair, pair.other, ADUAN_TENANTS=MOVED),
    ]


def test_tables_are_made_of_the_log_there(pair: Pair) -> None:
    """Whoever is served from the other database finds each complaint, and the next number follows the last."""
    receipts = [pair.office.file(MOVED) for _ in range(2)]
    pair.followed()
    pair.run("--finish")
    tickets = pair.rows(pair.other, "SELECT dossier::text, ticket FROM intake.tickets")
    runtime = bootstrap(_settings(pair, pair.other, ADUAN_TENANTS=MOVED), clock=pair.office.time)
    there = pair.office.runtime
    pair.office.runtime = runtime
    try:
        following = pair.office.file(MOVED)
    finally:
        pair.office.runtime = there
        runtime.database.close()

    assert {(str(each.id), each.ticket) for each in receipts} <= set(tickets)
    assert 5 == len(tickets)
    assert int(receipts[-1].ticket.rpartition("-")[2]) + 1 == int(following.ticket.rpartition("-")[2])


def test_a_process_that_has_not_heard_of_it_writes_nothing(pair: Pair) -> None:
    """It may have been cut off when all were stopped: the database refuses its events, and its rows."""
    pair.followed()
    pair.run("--finish")
    before = pair.sums(pair.former, MOVED)

    with pytest.raises(Unavailable, match="tenant_went_away"):
        pair.office.file(MOVED)
    with pytest.raises(psycopg2.DatabaseError, match="taken to another database"):
        pair.rows(pair.former, "UPDATE identity.users SET disabled = true WHERE tenant = %s", MOVED)
    pair.office.file(STAYS)

    assert before == pair.sums(pair.former, MOVED)


def test_what_comes_due_there_is_left_to_the_other(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """Clocks of a government that has gone are passed over where it was, and no table looks tampered with for that."""
    pair.office.project()
    pair.followed()
    pair.run("--finish")
    before = pair.sums(pair.former, MOVED)
    there = replace(pair.office.runtime, tenants=Tenants(PROJECT / "tenants", without=frozenset({MOVED})))
    monkeypatch.setattr(pair.office, "runtime", there)
    pair.office.later(days=30)
    looked_at = pair.office.tick()
    again = pair.office.tick()
    pair.stopped()
    monkeypatch.setenv("ADUAN_TENANTS", STAYS)

    assert (6, 0) == (looked_at, again)
    assert before == pair.sums(pair.former, MOVED)
    assert 0 == told(aduan, ["projections", "verify", "sla", "--patience", "0"])


@pytest.mark.parametrize("where", ["copying", "tables", "audit", "shut", "opened"])
def test_it_may_be_killed_anywhere_and_said_again(pair: Pair, where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Until the end the former database serves it as ever, or neither does; never both."""
    before = pair.sums(pair.former, MOVED)
    pair.followed()
    with monkeypatch.context() as patched:
        names = {"copying": "copy_events", "tables": "_take_positions", "audit": "sums_of", "shut": "shut"}
        real = getattr(moving, names.get(where, "stand"))

        def dies(*given: object) -> object:
            done = real(*given)
            if where == "opened" and "arrived" not in given:
                return done
            raise Killed

        patched.setattr(moving, names.get(where, "stand"), dies)
        with pytest.raises(Killed):
            pair.run("--finish")
    fit = [_fit(pair, pair.former), _fit(pair, pair.other)]
    finished = [pair.run("--finish"), pair.run("--finish")]

    assert ["tenant_moved" if where == "opened" else "fit", "fit" if where == "opened" else "tenant_is_arriving"] == fit
    assert [0, 0] == finished
    assert set() == differing_from(before, pair.sums(pair.other, MOVED))
    assert ("moved", "arrived") == (pair.state(pair.former), pair.state(pair.other))


@pytest.mark.parametrize(
    ("harm", "word"),
    [
        ("DELETE FROM vault.keys WHERE dossier = (SELECT dossier FROM channels.dossiers WHERE tenant = %s)", "lost"),
        (
            "UPDATE vault.keys SET wrapped = 'x' WHERE dossier = (SELECT person FROM channels.ids WHERE tenant = %s)",
            "exch",
        ),
        (
            _CHANGED,
            "dossier",
        ),
    ],
    ids=["a key is lost", "a key was exchanged", "an event was changed"],
)
def test_what_is_not_right_does_not_go(pair: Pair, harm: str, word: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever moved it would be held to account for what was done to it before: the former database goes on."""
    pair.rows(pair.former, harm, MOVED)
    before = pair.sums(pair.former, MOVED)
    pair.followed()
    capsys.readouterr()
    refused = pair.run("--finish")

    assert (2, True) == (refused, word in capsys.readouterr().err)
    assert before == pair.sums(pair.former, MOVED)
    assert ("fit", "tenant_is_arriving") == (_fit(pair, pair.former), _fit(pair, pair.other))


def test_it_may_be_undone_until_the_other_has_written(pair: Pair, capsys: pytest.CaptureFixture[str]) -> None:
    """Then all is as before, also what was still to be done; and it can go again. Afterwards it is refused."""
    before = pair.sums(pair.former, MOVED)
    pair.followed()
    done = [pair.run("--finish"), pair.run("--undo")]
    undone = pair.sums(pair.former, MOVED)
    served = (_fit(pair, pair.former), _fit(pair, pair.other))
    pair.office.file(MOVED)
    pair.followed()
    done += [pair.run("--finish")]
    pair.rows(pair.other, "UPDATE notify.messages SET settled = true")
    capsys.readouterr()
    refused = pair.run("--undo")

    assert [0, 0, 0] == done
    assert before == undone
    assert ("fit", "tenant_is_arriving") == served
    assert (2, True) == (refused, "notify.messages" in capsys.readouterr().err)


def test_keys_are_destroyed_where_it_was(pair: Pair, capsys: pytest.CaptureFixture[str]) -> None:
    """The events stay, since a log forgets nothing, and nobody can read them; an audit knows why. The others' stay."""
    stays = pair.sums(pair.former, STAYS)
    too_early = pair.run("--forget", "--yes")
    pair.followed()
    done = [pair.run("--finish"), pair.run("--forget", "--yes")]
    sums = pair.sums(pair.former, MOVED)
    left = {name for name, each in sums.items() if not each.startswith("0:")}
    audited = _audit(pair)
    undone = pair.run("--undo")

    assert (2, [0, 0], 0, 2) == (too_early, done, audited, undone), capsys.readouterr().err
    words = {"identity.answer_words", "identity.letter_words"}
    decided = {f"identity.{what}_{of}" for what in ("calendar", "procedure") for of in ("drafts", "decisions")}
    assert {LOG, *words, *decided, "readings.readings"} == left
    assert set() == differing_from(stays, pair.sums(pair.former, STAYS))


def _audit(pair: Pair) -> int:
    pair.stopped()
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("ADUAN_TENANTS", STAYS)
        return told(aduan, ["audit", "verify"])


def test_a_target_is_refused_that_cannot_take_it(
    pair: Pair,
    postgres_url: str,
    migrated_template: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The same database; one with others' complaints or accounts; one at work; one of no tables or another key."""
    said = []

    def refused(*more: str, to: str) -> None:
        capsys.readouterr()
        assert 2 == pair.run(*more, to=to)
        said.append(capsys.readouterr().err)

    pair.followed()
    with monkeypatch.context() as patched:
        patched.setattr(standing, "_PATIENCE_SECONDS", 0.2)
        refused(to=pair.former)
    refused(to=postgres_url)
    for what in (
        "INSERT INTO intake.ticket_numbers (tenant, year, last) VALUES ('cirebon', 2026, 1)",
        f"INSERT INTO intake.ticket_numbers (tenant, year, last) VALUES ('{MOVED}', 2026, 1)",
        "INSERT INTO vault.masters (id, check_value) VALUES ('another', 'x')",
    ):
        made = fresh_database(postgres_url, migrated_template)
        url = next(made)
        pair.rows(url, what)
        refused(to=url)
        made.close()
    pair.office.file(MOVED)
    pair.stopped()
    refused("--finish", to=pair.other)
    pair.rows(pair.former, FOLLOWED, ["intake", "routing", "sla", "notify", "reporting"])
    monkeypatch.setattr(standing, "_PATIENCE_SECONDS", 0.2)
    connection = psycopg2.connect(pair.other)
    refused(to=pair.other)
    connection.close()
    eventually(lambda: pair.rows(postgres_url, _SESSIONS, parse_dsn(pair.other)["dbname"]) == [(0,)])
    connection = psycopg2.connect(pair.former)
    refused("--finish", to=pair.other)
    connection.close()

    for words, each in zip(
        [
            "very same one",
            "migrate",
            "cirebon",
            "at work in the target",
            "master key",
            "not come to the last event",
            "connections to the target",
            "connections to the source",
        ],
        said,
        strict=True,
    ):
        assert words in each, each
    assert "fit" == _fit(pair, pair.former)
