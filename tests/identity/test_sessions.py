"""Visits to the pages on a real database: how long they last, and what ends them."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.application.identity.sessions import IDLE, LONGEST, Sessions
from shared.application.identity.users import Users
from shared.base.caller import Caller
from shared.base.clock import SimulatedClock
from shared.base.randomness import SeededRandomness
from shared.platform.database.pool import Database

_PASSWORD = "kata sandi panjang"
_OFFICER = Caller(tenant="cilacap", actor="operator", agency="dpupr", user="siti")


class Office:
    """One account, and its visits, on the machine's clock that the test moves."""

    def __init__(self, url: str) -> None:
        self.machine = SimulatedClock(datetime(2026, 10, 1, 8, tzinfo=UTC))
        database = Database(url)
        self.users = Users(database, randomness=SeededRandomness("users"), machine=self.machine)
        self.sessions = Sessions(database, SeededRandomness("sessions"), self.machine)
        self.users.add(_OFFICER, _PASSWORD)

    def enter(self) -> str:
        """Log in; the browser's word."""
        return self.sessions.begin(self.users.log_in("cilacap", "siti", _PASSWORD, "192.0.2.1"))

    def wait(self, length: timedelta) -> None:
        """Let time pass."""
        self.machine.move_to(self.machine.now() + length)

    def present(self, word: str) -> bool:
        """Whether the visit goes on."""
        visit = self.sessions.visit(word)
        return visit is not None and visit.caller == _OFFICER


@pytest.fixture
def office(database_url: str) -> Office:
    """On a fresh database."""
    return Office(database_url)


def test_a_visit_is_its_officers_until_nothing_was_done_for_half_an_hour(office: Office) -> None:
    """Every look counts; from the last one on the time runs."""
    word = office.enter()
    looks = []
    for _ in range(4):
        office.wait(IDLE - timedelta(minutes=1))
        looks.append(office.present(word))
    office.wait(IDLE)

    assert [True] * 4 == looks
    assert not office.present(word)


def test_a_visit_ends_with_the_working_day_however_busy(office: Office) -> None:
    """Twelve hours, then the password is asked for again."""
    word = office.enter()
    for _ in range(int(LONGEST / timedelta(minutes=20)) - 1):
        office.wait(timedelta(minutes=20))
        assert office.present(word)
    office.wait(timedelta(minutes=20))

    assert not office.present(word)


def test_leaving_ends_one_visit_and_ending_all_ends_every(office: Office) -> None:
    """A visit on another machine goes on, unless all are ended."""
    first, second, third = office.enter(), office.enter(), office.enter()
    office.sessions.end(first)
    after_leaving = [office.present(word) for word in (first, second, third)]
    visit = office.sessions.visit(second)
    assert visit is not None
    office.sessions.end_all(visit.account)

    assert [False, True, True] == after_leaving
    assert [False, False] == [office.present(word) for word in (second, third)]
    assert 0 == office.sessions.of(visit.account)


@pytest.mark.parametrize("change", ["password", "disable"])
def test_what_changes_an_account_ends_its_visits(office: Office, change: str) -> None:
    """A stolen browser is locked out by a new password, a dismissed officer by a shut account."""
    word = office.enter()
    if change == "password":
        office.users.set_password("cilacap", "siti", "lain sama sekali")
    else:
        office.users.disable("cilacap", "siti")

    assert not office.present(word)


@pytest.mark.parametrize("word", ["", "x", "ä" * 5, "\ud800"])
def test_a_word_that_nobody_gave_out_is_nobodys(office: Office, word: str) -> None:
    """Whatever a cookie says."""
    office.enter()

    assert office.sessions.visit(word) is None


def test_the_word_itself_is_not_kept(office: Office) -> None:
    """Who reads the table cannot enter by it."""
    word = office.enter()
    with office.sessions.database.autocommit() as cursor:
        cursor.execute("SELECT sessions::text FROM identity.sessions")
        rows = cursor.fetchall()

    assert 1 == len(rows)
    assert word not in rows[0][0]
    assert word.encode().hex() not in rows[0][0]
