"""One cursor for every list: ours leads to the next page, anything else is refused before the database sees it."""

import base64
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as some

from services.reporting.published import to_publish
from services.reporting.queries import recap
from services.reporting.register import register
from services.reporting.search import search
from services.routing.by_time import by_time
from services.routing.projection import InboxProjection
from services.routing.queries import inbox, outline
from services.routing.task_page import FILTERS
from services.sla.queries import clocks
from shared.application.dossiers.codec import decode
from shared.application.pages import INFINITY, cursor_of, instant, position_of, whole, word
from shared.base.caller import Caller
from shared.base.errors import Invalid
from shared.store.projection.runner import apply_batch
from tests.fixtures.office import Office

ADMIN = Caller("*", "admin", admin=True)
ZONES = some.timezones() | some.just(UTC) | some.just(timezone(timedelta(hours=7)))


def _coded(told: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(told).encode()).decode()


STRANGE = [
    "x",
    "AAAA",
    "%%%",
    "é",
    "\x00",
    "a" * 10_000,
    base64.urlsafe_b64encode(b"\xff\xfe").decode(),
    base64.urlsafe_b64encode(b"[" * 300).decode(),
    _coded([INFINITY, 123]),
    _coded([123, str(UUID(int=1))]),
    _coded([INFINITY, str(UUID(int=1)), 123]),
    _coded([INFINITY, str(UUID(int=1)), "\x00"]),
    _coded([INFINITY, str(UUID(int=1)), "\ud800"]),
    _coded([INFINITY]),
    _coded([INFINITY, INFINITY, str(UUID(int=1)), "step", "-1"]),
    _coded([INFINITY, INFINITY, str(UUID(int=1)), "step", "9" * 40]),
    _coded([INFINITY, INFINITY, str(UUID(int=1)), "step", "\u0661"]),
    _coded([INFINITY, INFINITY, str(UUID(int=1)), "step", 1]),
    _coded([INFINITY, "2026-10-05T08:00:00", str(UUID(int=1)), "step", "1"]),
    _coded([INFINITY, "no-uuid", "step:1"]),
    _coded(["2026-10-05", str(UUID(int=1)), "step:1"]),
    _coded(["2026-10-05T08:00:00", str(UUID(int=1)), "step:1"]),
    _coded(["0001-01-01T00:00:00+14:00", str(UUID(int=1)), "step:1"]),
    _coded(["9999-12-31T23:59:59-12:00", str(UUID(int=1)), "step:1"]),
    _coded(["-infinity", str(UUID(int=1)), "step:1"]),
    _coded(["now", str(UUID(int=1)), "step:1"]),
    _coded([None, None, None]),
    _coded([[INFINITY], [str(UUID(int=1))], ["step:1"]]),
    _coded({"due": INFINITY}),
    _coded("infinity"),
    _coded(None),
    _coded(float("inf")),
]


@pytest.fixture(scope="module")
def office(postgres_url: str, migrated_template: str) -> Iterator[Office]:
    """An installation without complaints."""
    from tests.fixtures.postgres import fresh_database

    databases = fresh_database(postgres_url, migrated_template)
    opened = Office(next(databases))
    yield opened
    opened.close()
    next(databases, None)


@pytest.mark.parametrize("after", STRANGE)
def test_what_is_no_cursor_is_refused(office: Office, after: str) -> None:
    """By every list, with one code, naming the field; never a mistake of ours."""
    lists: list[Callable[[], object]] = [
        lambda: inbox(office.runtime, ADMIN, "cilacap", after=after),
        lambda: clocks(office.runtime, ADMIN, "cilacap", after=after),
        lambda: register(office.runtime, ADMIN, "cilacap", "2026-10", after=after),
        lambda: search(office.runtime, ADMIN, "cilacap", {}, after=after),
        lambda: to_publish(office.runtime, ADMIN, "cilacap", after=after),
    ]
    for ask in lists:
        with pytest.raises(Invalid) as refused:
            ask()
        assert ("invalid_cursor", {"after": ["invalid_cursor"]}) == (refused.value.code, refused.value.fields)


@pytest.mark.parametrize("number", [0, 2**31, 5_000_000_000, 2**63 - 1])
def test_a_list_goes_on_after_billions_of_rows(number: int) -> None:
    """What is counted for years outgrows 32 bits, and no cursor says more than the database can hold."""
    assert (number,) == position_of(cursor_of(number), whole)
    with pytest.raises(Invalid):
        position_of(cursor_of(number + 2**63), whole)


@given(some.text() | some.binary().map(lambda raw: base64.urlsafe_b64encode(raw).decode()))
def test_no_text_breaks_the_reader_of_cursors(after: str) -> None:
    """Every text is a cursor or refused."""
    try:
        found = position_of(after, instant, UUID, word)
    except Invalid:
        return
    assert 3 == len(found)


@given(
    some.none() | some.datetimes(min_value=datetime(2, 1, 1), max_value=datetime(9998, 1, 1), timezones=ZONES),  # noqa: DTZ001
    some.uuids(),
    some.text(some.characters(codec="ascii", categories=["L", "N", "P"]), max_size=60),
)
def test_a_cursor_comes_back_as_it_was(at: Any, dossier: UUID, name: str) -> None:
    """Instants to the microsecond, in whatever zone; what has no due time stays last."""
    # In the hour that a clock shows twice an instant equals none of another zone's (PEP 495): instants meet in UTC.
    expected = at.astimezone(UTC) if at else INFINITY
    assert (expected, dossier, name) == position_of(cursor_of(at, dossier, name), instant, UUID, word)


@pytest.mark.parametrize("after", [None, ""])
def test_no_cursor_is_the_first_page(after: str | None) -> None:
    """Nothing is asked for then."""
    assert (None, None) == position_of(after, instant, UUID)


def test_pages_hold_every_row_once(database_url: str) -> None:
    """Also rows of one instant, and those without a due time, which come last."""
    office = Office(database_url)
    filed = {str(office.file("cilacap").id) for _ in range(7)}
    apply_batch(office.runtime.database, InboxProjection(), decode, office.news())
    office.rows("UPDATE routing.inbox SET due_at = NULL WHERE dossier IN (SELECT dossier FROM routing.inbox LIMIT 3)")
    seen: list[str] = []
    after, pages = None, 0
    while pages == 0 or after:
        page = inbox(office.runtime, ADMIN, "cilacap", after=after, limit=2)
        seen += [item["id"] for item in page["items"]]
        after, pages = page["next"], pages + 1
    office.close()

    assert (4, 7, filed) == (pages, len(seen), set(seen))


@pytest.mark.parametrize("states", [None, []])
def test_of_what_is_due_at_one_instant_the_first_to_come_is_first(database_url: str, states: list[str] | None) -> None:
    """What is filed through a Saturday is all due a quarter of an hour after the office opens on Monday."""
    office = Office(database_url, start=datetime(2026, 10, 3, 2, tzinfo=UTC))
    filed = []
    for _ in range(7):
        filed.append(str(office.file("cilacap").id))
        office.later(minutes=10)
    apply_batch(office.runtime.database, InboxProjection(), decode, office.news())
    seen: list[dict[str, Any]] = []
    after: str | None = None
    while not seen or after:
        page = inbox(office.runtime, ADMIN, "cilacap", states=states, after=after, limit=2)
        seen += page["items"]
        after = page["next"]
    place = (datetime(2026, 10, 5, 0, 45, tzinfo=UTC), uuid4(), "step", 1)
    of_before = cursor_of(*place) if states is None else cursor_of("later", *place)
    again = inbox(office.runtime, ADMIN, "cilacap", states=states, after=of_before)
    office.close()

    assert seen == again["items"], "a cursor of the version before"
    assert {"2026-10-05T07:45:00+07:00"} == {each["due_at"] for each in seen}
    assert filed == [each["id"] for each in seen]


_AGED = """
    UPDATE routing.inbox
       SET due_at = CASE n %% 6 WHEN 0 THEN {now} - interval '1 s' WHEN 3 THEN NULL WHEN 4 THEN {now} + interval '9 d'
                              WHEN 5 THEN {now} + interval '8 d' ELSE {now} END,
           state = CASE n %% 6 WHEN 1 THEN 'paused' WHEN 2 THEN 'paused' WHEN 5 THEN 'warned' ELSE 'running' END,
           paused_until = CASE n %% 6 WHEN 1 THEN {now} + interval '1 s' WHEN 2 THEN {now} END
      FROM (SELECT dossier, row_number() OVER (ORDER BY dossier) AS n FROM routing.inbox) AS counted
     WHERE counted.dossier = inbox.dossier
"""
_CALLED = """
    UPDATE routing.inbox SET beside = TRUE;
    INSERT INTO routing.inbox
    SELECT dossier, 'call', task_version, tenant, step, actor, agency, status, since, NULL, FALSE, 'running', NULL,
           from_actor, from_agency, TRUE
      FROM routing.inbox
"""


def _group(item: dict[str, Any], now: datetime) -> str:
    if item["state"] == "paused" or item["due_at"] is None:
        return "still" if item["state"] == "paused" else "none"
    days = (datetime.fromisoformat(item["due_at"]) - now) / timedelta(days=1)
    return "late" if days < 0 else "soon" if item["state"] == "warned" else "today" if days < 1 else "later"


@pytest.mark.parametrize("limit", [2, 50])
def test_an_inbox_by_time_holds_every_row_once(database_url: str, limit: int) -> None:
    """In the order of the states, through all pages; what is chosen is chosen of all rows, and so are the counts. That
    whoever reported each asked to be called besides changes nothing of it.
    """
    office = Office(database_url)
    for _ in range(13):
        office.file("cilacap")
    apply_batch(office.runtime.database, InboxProjection(), decode, office.news())
    office.rows(_AGED.format(now=f"'{office.time.now().isoformat()}'::timestamptz"))
    office.rows(_CALLED)
    every = {"late": 2, "soon": 2, "today": 2, "later": 2, "still": 3, "none": 2}

    def there(*states: str) -> list[str]:
        """Of which group each row is, by the page that tells of it."""
        seen = []
        after: str | None = ""
        while after is not None:
            page = inbox(office.runtime, ADMIN, "cilacap", states=states, after=after, limit=limit)
            seen += [(item["id"], _group(item, office.time.now())) for item in page["items"]]
            after = page["next"]
            assert every == page["counts"]
        assert len(seen) == len(set(seen))
        return [group for _, group in seen]

    assert [state for state, count in every.items() for _ in range(count)] == there()
    assert ["soon", "soon", "still", "still", "still"] == there("still", "soon")
    first = inbox(office.runtime, ADMIN, "cilacap", states=[], limit=limit)["items"]
    outlined = outline(office.runtime, ADMIN, "cilacap")
    assert there() == [_group(item, office.time.now()) for item in outlined["items"]]
    assert [item["id"] for item in first] == [item["id"] for item in outlined["items"]][:limit]
    everybodys = dict.fromkeys(("agency", "actor", "but", *FILTERS))
    cut = by_time(
        office.runtime, office.runtime.tenants.get("cilacap"), everybodys, limit=limit, titled=False, counted=False
    )
    assert [item["id"] for item in first] == [item["id"] for item in cut["items"]]
    assert (limit < sum(every.values())) == (cut["next"] is not None)
    office.close()


@pytest.mark.parametrize(
    "month",
    [
        "0001-01",
        "0000-12",
        "9999-12",
        "10000-01",
        "2026-00",
        "2026-13",
        "\u0662\u0660\u0662\u0666-\u0661\u0660",
        "2026-1\u0660",
        "2026-10\n",
    ],
)
def test_a_month_that_cannot_be_told_is_refused(office: Office, month: str) -> None:
    """By recap and register, in every government's zone."""
    for tenant in ("cilacap", "bantul"):
        for ask in (recap, register):
            with pytest.raises(Invalid) as refused:
                ask(office.runtime, ADMIN, tenant, month)
            assert {"month": ["not_a_month"]} == refused.value.fields


@pytest.mark.parametrize("month", ["0001-02", "1970-01", "2026-02", "2028-02", "9999-11"])
def test_every_other_month_is_one(office: Office, month: str) -> None:
    """However long ago."""
    assert 0 == recap(office.runtime, ADMIN, "cilacap", month)["filed"]


def test_two_cursors_of_equal_rows_differ() -> None:
    """The dossier's id breaks the tie."""
    at = datetime(2026, 10, 5, tzinfo=UTC)

    assert cursor_of(at, uuid4()) != cursor_of(at, uuid4())
