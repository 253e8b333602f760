"""Filings that come at the same time share a transaction, and nobody can tell."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import eventlet
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.intake.service import IntakeService
from shared.application.bootstrap import bootstrap
from shared.application.runtime import Runtime
from shared.base.deadline import until
from shared.base.errors import AduanError
from shared.domain.complaint.schema import load_submission
from tests.fixtures.office import Office

T = "cilacap"
PASSED = datetime(2020, 1, 1, tzinfo=UTC)
KEY_REUSED = "key_reused"
DESK = {"tenant": T, "actor": "coordinator", "user": "rina"}


@dataclass(frozen=True)
class Request:
    """Somebody files.

    :param key: one of few, so that requests repeat others or conflict with them; none for one without.
    :param body: what is complained about: one of few.
    :param external_id: one of few, if any.
    :param by: an officer, or anybody.
    :param channel: one that there is, or not.
    :param late: whether nobody waits for it any more.
    :param at: which of two processes gets it.
    """

    key: str | None
    body: str
    external_id: str | None
    by: str
    channel: str
    late: bool
    at: int


REQUESTS = st.builds(
    Request,
    key=st.sampled_from([None, None, None, "k1", "k2"]),
    body=st.sampled_from(["Jalan rusak", "Lampu mati"]),
    external_id=st.sampled_from([None, None, "e1"]),
    by=st.sampled_from(["anybody", "anybody", "officer"]),
    channel=st.sampled_from(["web", "web", "web", "pigeon"]),
    late=st.sampled_from([False, False, False, True]),
    at=st.sampled_from([0, 0, 1]),
)


class Installation:
    """Two processes of intake on one database."""

    def __init__(self, database_url: str) -> None:
        self.office = Office(database_url)
        other = bootstrap(self.office.runtime.settings, clock=self.office.time)
        self.runtimes: Sequence[Runtime] = (self.office.runtime, other)
        self.doors: list[Any] = []
        for runtime in self.runtimes:
            door: Any = IntakeService()
            door.runtime = runtime
            self.doors.append(door)

    def close(self) -> None:
        """Let go of the database."""
        for runtime in self.runtimes:
            runtime.database.close()

    def file(self, request: Request, run: str) -> tuple[str, str]:
        """What becomes of a request: ``new``, ``again`` or an error's code; and its ticket.

        :param run: keys and ids of another run are others.
        """
        body = {"message": f"{request.body} {run}", "channel": request.channel}
        if request.external_id:
            body["external_id"] = f"{run}-{request.external_id}"
        caller = DESK if request.by == "officer" else None
        key = "" if request.key is None else f"{run}-{request.key}"
        try:
            with until(PASSED if request.late else None):
                receipt = self.doors[request.at].file(T, load_submission(body), caller, str(uuid4()), key)
        except AduanError as error:
            return error.code, ""
        return ("new" if receipt["created"] else "again"), receipt["ticket"]

    def given_out(self) -> list[int]:
        """All numbers of the tenant, in order."""
        rows = self.office.rows("SELECT ticket FROM intake.tickets WHERE tenant = %s ORDER BY ticket", T)
        return [int(ticket.rpartition("-")[2]) for (ticket,) in rows]

    def filed(self) -> int:
        """How many filings the log holds."""
        [(count,)] = self.office.rows("SELECT count(*) FROM eventstore.events WHERE type = 'ComplaintFiled'")
        return int(count)


@pytest.fixture
def installation(database_url: str) -> Iterator[Installation]:
    """Empty."""
    made = Installation(database_url)
    yield made
    made.close()


def _told(requests: Sequence[Request], outcomes: Sequence[tuple[str, str]]) -> Counter[Any]:
    """How often which request came to what: of equal ones it does not matter which was first, nor at which process.

    Nor whether one that nobody waits for any more came before the others with its key or id, or found what they filed;
    nor which of two that want one key for different things got it (see :func:`_check_keys`).
    """
    return Counter(
        (each.key, each.key or each.body, each.external_id, each.by, each.channel, each.late, _outcome(each, outcome))
        for each, (outcome, _) in zip(requests, outcomes, strict=True)
    )


def _outcome(request: Request, outcome: str) -> str:
    if request.late and outcome in ("again", KEY_REUSED):
        return "call_expired"
    return "one complaint's" if request.key and outcome in ("new", "again", KEY_REUSED) else outcome


def _check_keys(requests: Sequence[Request], outcomes: Sequence[tuple[str, str]]) -> None:
    """A key stands for one complaint: whoever asks for the same gets its ticket, whoever for another is refused."""
    got: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for each, (outcome, ticket) in zip(requests, outcomes, strict=True):
        if each.key and outcome in ("new", "again"):
            got.setdefault((each.key, each.by), set()).add((each.body, ticket))
    for each, (outcome, _) in zip(requests, outcomes, strict=True):
        if each.key and outcome == KEY_REUSED:
            [(body, _)] = got[each.key, each.by]
            assert body != each.body
    assert {1} >= {len(complaints) for complaints in got.values()}


def _tickets(requests: Sequence[Request], outcomes: Sequence[tuple[str, str]]) -> list[int]:
    """How many requests without a key share a ticket."""
    told = zip(requests, outcomes, strict=True)
    return sorted(Counter(ticket for each, (_, ticket) in told if not each.late and not each.key).values())


def _settled(request: Request) -> Request:
    """A request of which it does not depend on processes' speed what becomes of it."""
    if request.key:
        return replace(request, external_id=None)
    return replace(request, body="Jalan rusak") if request.external_id else request


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(requests=st.lists(REQUESTS, min_size=2, max_size=14))
def test_together_is_as_one_after_the_other(installation: Installation, requests: list[Request]) -> None:
    """Good, repeated, conflicting, unfit and late requests, at two processes at once, come to what they would alone.

    And every number is given out once, without a gap.
    """
    # Of two that want one external id for different things the first gets it: who that is, is not defined, nor what
    # comes first of a key and an external id.
    requests = [_settled(each) for each in requests]
    alone, together = uuid4().hex, uuid4().hex
    before = installation.filed()
    first = [installation.file(each, alone) for each in requests]
    between = installation.filed()
    pool = eventlet.GreenPool()
    second = [thread.wait() for thread in [pool.spawn(installation.file, each, together) for each in requests]]

    assert _told(requests, first) == _told(requests, second)
    assert _tickets(requests, first) == _tickets(requests, second)
    for told in (first, second):
        _check_keys(requests, told)
    assert between - before == installation.filed() - between
    assert list(range(1, installation.filed() + 1)) == installation.given_out()


def test_one_that_fails_in_the_database_spoils_no_other(installation: Installation) -> None:
    """What cannot be filed is refused; who came with it is filed, and no number is lost."""
    lost = Request("k", "Jalan rusak", None, "anybody", "web", False, 0)
    good = Request(None, "Lampu mati", None, "anybody", "web", False, 0)
    [_, ticket] = installation.file(lost, "r")
    installation.office.rows("DELETE FROM intake.tickets WHERE ticket = %s RETURNING ticket", ticket)
    pool = eventlet.GreenPool()
    requests = [good, good, lost, good, good, lost, good]
    said = [thread.wait() for thread in [pool.spawn(installation.file, each, "r") for each in requests]]

    assert ["new", "new", "stale_version", "new", "new", "stale_version", "new"] == [outcome for outcome, _ in said]
    assert list(range(2, 7)) == installation.given_out()


def test_who_comes_at_the_same_time_shares_a_transaction(installation: Installation) -> None:
    """Twenty at once take a few transactions, not twenty."""
    good = Request(None, "Lampu mati", None, "anybody", "web", False, 0)
    pool = eventlet.GreenPool()
    for thread in [pool.spawn(installation.file, good, "r") for _ in range(20)]:
        thread.wait()
    [(transactions,)] = installation.office.rows("SELECT count(DISTINCT txid) FROM eventstore.events")

    assert 20 == installation.filed()
    assert 3 >= transactions


def test_keys_are_forgotten_when_nobody_repeats_them_any_more(database_url: str) -> None:
    """After thirty days, some at a time; a younger key still stands for its complaint, a repeated filing is known."""
    installation = Installation(database_url)
    try:
        first = Request("old", "Jalan rusak", "e1", "anybody", "web", late=False, at=0)
        made = installation.file(first, "run")
        installation.office.rows("UPDATE intake.requests SET at = at - interval '30 days 1 minute'")
        young = Request("young", "Jalan rusak", "e2", "anybody", "web", late=False, at=0)
        installation.file(young, "run")

        more = installation.doors[1].forget_old_keys()

        assert (False, [(1,)]) == (more, installation.office.rows("SELECT count(*) FROM intake.requests"))
        assert KEY_REUSED == installation.file(replace(young, external_id="e3"), "run")[0]
        assert made == installation.file(first, "run")  # answered alike, by its own id
        installation.office.rows("UPDATE intake.requests SET at = at - interval '30 days 1 minute'")
        installation.doors[0].forget_old_keys()
        assert "new" == installation.file(replace(first, external_id="e4"), "run")[0]
    finally:
        installation.close()
