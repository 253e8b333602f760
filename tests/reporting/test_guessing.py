"""What is kept in memory of the past is what the tables hold, whatever happened to them meanwhile."""

import random
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from psycopg2.errors import DivisionByZero

from services.intake.erasing import erase
from services.intake.receipts import Receipt
from services.reporting import guessing
from services.reporting.guessing import past_of
from services.reporting.learning import Lesson
from services.reporting.likeness_index import INDEX
from services.reporting.readings import Readings
from shared.application.identity.membership import administrator
from shared.store.eventstore.reading import read_after
from tests.fixtures.office import CAUSE, Office

T = "cilacap"
WORDS = ("jalan", "lubang", "lampu", "padam", "guru", "sekolah", "sampah", "bocor", "air", "mati", "rusak")
AGENCIES = ("dpupr", "dishub", "disdikbud")


def _file(office: Office, chance: random.Random) -> Receipt:
    message = " ".join(chance.choices(WORDS, k=6))
    return office.file(T, message=message, location={}, category=None, reporter={"name": "Siti", "address": "RT 1"})


def _held(office: Office) -> list[Any]:
    """What is told by the past as it stands in memory."""
    with office.runtime.database.autocommit() as cursor:
        past, again = (
            past_of(office.runtime, cursor, office.runtime.tenants.get(T), INDEX.key(office.runtime)) for _ in range(2)
        )
    assert past is again, "it was counted twice"
    return [list(each._examples) for each in (past.agencies, past.categories)]


def _counted(office: Office) -> list[Any]:
    """The same, read from the tables."""
    guessing.forget(office.runtime)
    return _held(office)


@pytest.mark.parametrize("seed", range(3))
def test_memory_says_what_the_tables_say(office: Office, seed: int) -> None:
    """After dispositions, recalls, returns, merges, erasures and batches in which nothing is learnt, in any order; also
    where another process has moved the index on, or a batch was not committed.
    """
    chance = random.Random(seed)
    here: list[Receipt] = [_file(office, chance) for _ in range(8)]
    away: list[Receipt] = []
    for _ in range(24):
        what = chance.choice(("dispose", "dispose", "recall", "merge", "erase", "file", "elsewhere", "lost"))
        if what == "dispose" and here:
            away.append(here.pop())
            office.act(away[-1], "coordinator", "dispose", agency=chance.choice(AGENCIES))
        elif what == "recall" and away:
            here.append(away.pop())
            office.act(here[-1], "coordinator", "recall", reason="keliru")
        elif what == "merge" and len(here) > 1:
            office.act(here.pop(), "coordinator", "merge", into=str(here[0].id), reason="sama")
        elif what == "erase" and away:
            erase(office.runtime, administrator("root"), T, away.pop().ticket, "asked", CAUSE)
        elif what == "elsewhere" and here:
            away.append(here.pop())
            office.act(away[-1], "coordinator", "dispose", agency=chance.choice(AGENCIES))
            known = dict(guessing._kept)
            INDEX.catch_up(office.runtime)
            guessing._kept.clear()
            guessing._kept.update(known)  # as in a process that has not taken part in that
            here.append(_file(office, chance))
        elif what == "lost":
            _lose(office)
        else:
            here.append(_file(office, chance))
        if chance.random() < 0.7:
            INDEX.catch_up(office.runtime)
            held = _held(office)
            assert _counted(office) == held


class _Meanwhile:
    """A cursor, and what others do while the database answers it for the first time."""

    def __init__(self, cursor: Any, others: Callable[[], object]) -> None:
        self._cursor, self._others = cursor, [others]

    def execute(self, *told: Any) -> None:
        """As the cursor's own."""
        self._cursor.execute(*told)
        while self._others:
            self._others.pop()()

    def fetchall(self) -> Any:
        """As the cursor's own."""
        return self._cursor.fetchall()


def test_a_past_may_be_taken_away_while_it_is_asked_for(office: Office) -> None:
    """Who asks gives way to the database, and whoever learns may have it by then: it is counted anew."""
    _file(office, random.Random(0))
    INDEX.catch_up(office.runtime)
    held, key, tenant = _held(office), INDEX.key(office.runtime), office.runtime.tenants.get(T)
    with office.runtime.database.autocommit() as cursor:
        position = guessing.position_of(cursor)

        def learns() -> None:
            guessing.past_for(office.runtime, cursor, tenant, key, position)

        past = past_of(office.runtime, _Meanwhile(cursor, learns), tenant, key)
    assert held == [list(each._examples) for each in (past.agencies, past.categories)]


def test_what_was_counted_before_a_change_is_committed_does_not_outlive_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A recall unsays a disposition; who counts before that is committed reads the old rows."""
    chance = random.Random(1)
    sent = [_file(office, chance) for _ in range(2)]
    for each in sent:
        office.act(each, "coordinator", "dispose", agency="dpupr")
    INDEX.catch_up(office.runtime)
    office.act(sent[0], "coordinator", "recall", reason="keliru")
    office.act(sent[0], "coordinator", "dispose", agency="dishub")
    third = _file(office, chance)
    changed = Lesson._changed

    def asked_meanwhile(lesson: Lesson, tenant: str) -> None:
        changed(lesson, tenant)
        _held(office)

    monkeypatch.setattr(Lesson, "_changed", asked_meanwhile)
    INDEX.catch_up(office.runtime)
    held = _held(office)
    assert _counted(office) == held
    office.act(sent[1], "coordinator", "recall", reason="keliru")
    office.act(third, "coordinator", "dispose", agency="disdikbud")
    INDEX.catch_up(office.runtime)
    held = _held(office)
    assert _counted(office) == held


def _lose(office: Office) -> None:
    """Index a batch whose transaction fails at its end."""
    with suppress(DivisionByZero), office.runtime.database.transaction() as cursor:
        position = INDEX.position_in(cursor, INDEX.key(office.runtime), wait=True)
        events = read_after(cursor, position or 0, 200)
        if events:
            readings = Readings.of(office.runtime, cursor, INDEX.wants(events))
            INDEX.apply(office.runtime, cursor, INDEX.key(office.runtime), events, readings)()
        cursor.execute("SELECT 1 / 0")
