"""Every table of the product has a place in the list of what a move does with it."""

import pytest

from shared.application.moving.tables import BY_ITSELF, LEFT, MADE_ANEW, TAKEN
from tests.fixtures.office import Office
from tests.moving.conftest import MOVED, Pair

_TABLES = """
    SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^(pg_|information_schema)'
"""
_WITH_TENANT = "SELECT table_schema || '.' || table_name FROM information_schema.columns WHERE column_name = 'tenant'"


@pytest.fixture
def tables(office: Office) -> set[str]:
    """Those that there are."""
    return {name for (name,) in office.rows(_TABLES)}


def test_what_becomes_of_every_table_is_said(tables: set[str]) -> None:
    """A table that a later step makes is not forgotten by a move: it is in exactly one of the four lists."""
    said = [table.name for table in TAKEN] + [*BY_ITSELF, *MADE_ANEW, *LEFT]

    assert sorted(tables) == sorted(said)


def test_whatever_has_a_government_is_taken_or_made_anew(office: Office, tables: set[str]) -> None:
    """No table with a column for the government is left behind, and whoever is refused there is asked by it."""
    with_tenant = {name for (name,) in office.rows(_WITH_TENANT)} & tables

    assert {"eventstore.moves"} == with_tenant & set(LEFT)
    assert {table.name for table in TAKEN if table.guarded} == with_tenant & {table.name for table in TAKEN}


def test_the_list_has_a_row_in_every_table(pair: Pair) -> None:
    """The tests of this folder would not notice that a table is left out if nothing lay in it."""
    empty = {name for name, each in pair.sums(pair.former, MOVED).items() if each.startswith("0:")}

    assert set() == empty
