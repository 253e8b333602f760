"""What `evolve` says, and what is demanded of it: no database."""

from typing import Any, ClassVar

import pytest

from shared.store.eventstore.reading import RecordedEvent
from shared.store.projection.errors import BadRows
from shared.store.projection.projection import Projection, Rows
from shared.store.projection.table import Table
from shared.store.projection.testing import DOSSIER_ID, given
from tests.projection.toy import Noted, Opened, Struck, Toy

LINES = Table("lines", "lines", key=("dossier", "line"), columns=("dossier", "line", "text"))


class Lines(Projection):
    """Returns whatever the event says."""

    name = "lines"
    tables: ClassVar[tuple[Table, ...]] = (LINES,)

    def evolve(self, rows: Rows, event: Any, _recorded: RecordedEvent) -> Rows:
        """The event is the function."""
        return event(rows)


def line(number: int = 1, **more: object) -> dict[str, object]:
    """A row."""
    return {"dossier": DOSSIER_ID, "line": number, "text": "", **more}


def test_a_projection_is_specified_in_a_sentence() -> None:
    """Given, when, then: rows are compared whole, in any order, for the tables that are named."""
    note = {"dossier": DOSSIER_ID, "number": 3, "text": "later"}

    given(Toy(), Opened("case"), Noted("early"), Noted("later")).when(Struck()).then({"notes": [note]})


def test_a_part_of_the_only_row_can_be_asked_for() -> None:
    """A story hands out the only row of a table."""
    assert "case" == given(Toy()).when(Opened("case")).only("cases")["title"]


def test_then_refuses_other_rows() -> None:
    """A row too many, a row too few or another value fails the sentence."""
    with pytest.raises(AssertionError):
        given(Toy(), Opened("case")).when(Noted("text")).then({"notes": []})


def test_rows_must_not_be_changed_in_place() -> None:
    """What was given to `evolve` is compared afterwards, so that no change can go unseen."""

    def in_place(rows: Any) -> Rows:
        for row in rows["lines"]:
            row["text"] += "!"
        return rows

    with pytest.raises(AssertionError, match="in place"):
        given(Lines(), lambda _: {"lines": [line()]}).when(in_place)


def test_evolve_must_not_depend_on_anything_else() -> None:
    """The same rows and the same event give the same rows."""
    numbers = iter(range(10))

    with pytest.raises(AssertionError, match="heeds more"):
        given(Lines()).when(lambda _: {"lines": [line(next(numbers))]})


def test_rows_come_back_in_the_order_of_their_keys() -> None:
    """The next event sees rows in the order of their keys, whatever the order in which they were returned."""
    seen: list[int] = []

    def look(rows: Rows) -> Rows:
        seen.extend(row["line"] for row in rows["lines"])
        return rows

    given(Lines(), lambda _: {"lines": [line(3), line(1), line(2)]}).when(look)

    assert [1, 2, 3] == seen[:3]


@pytest.mark.parametrize(
    ("returned", "message"),
    [
        ({}, "exactly these tables: lines"),
        ({"lines": [], "others": []}, "exactly these tables: lines"),
        ({"lines": [line(late=True)]}, "columns.*: late"),
        ({"lines": [{"dossier": DOSSIER_ID, "line": 1}]}, "columns.*: text"),
        ({"lines": [line(dossier=None)]}, "another dossier"),
        ({"lines": [line(1), line(1)]}, "the same dossier, line"),
    ],
)
def test_rows_that_no_table_can_hold_are_refused(returned: Rows, message: str) -> None:
    """A mistake in a projection is told by table and column, and never by value."""
    with pytest.raises(BadRows, match=message):
        given(Lines()).when(lambda _: returned)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"key": ("line", "dossier")}, "must begin with dossier"),
        ({"key": ()}, "must begin with dossier"),
        ({"key": ("dossier", "other")}, "key .* not a column: other"),
        ({"columns": ("dossier", "line", "line")}, "named twice"),
        ({"name": "Lines; --"}, "not a plain"),
        ({"columns": ("dossier", "line", "a b")}, "not a plain"),
    ],
)
def test_a_table_says_what_is_wrong_with_it(arguments: dict[str, Any], message: str) -> None:
    """A table that contradicts itself, or whose names could break a statement, is refused when it is declared."""
    good: dict[str, Any] = {"schema": "lines", "name": "lines", "key": ("dossier", "line"), "columns": LINES.columns}

    with pytest.raises(ValueError, match=message):
        Table(**{**good, **arguments})


def test_a_projection_writes_its_own_schema_only() -> None:
    """A projection that names another service's table is refused when it is declared."""
    with pytest.raises(ValueError, match="another schema"):

        class Thief(Lines):
            name = "thief"


def test_a_projection_names_a_table_once() -> None:
    """Two tables of one name would write over each other."""
    with pytest.raises(ValueError, match="twice"):

        class Twin(Lines):
            tables: ClassVar = (LINES, LINES)
