"""What others read by SQL: only that, as it is written down, and nothing by which a person is found."""

import re
from collections.abc import Iterator
from contextlib import closing
from uuid import uuid4

import psycopg2
import pytest
from psycopg2.errors import InsufficientPrivilege, ObjectNotInPrerequisiteState

from cli.projections import projection_of
from shared.application.dossiers.codec import decode
from shared.base.services import SERVICES
from shared.platform.database.pool import Database
from shared.platform.migrations import migrate
from shared.platform.settings import PROJECT
from shared.store.projection.rebuild import rebuild
from shared.store.projection.runner import apply_batch
from tests.fixtures.log import settled_after
from tests.fixtures.office import Office
from tests.fixtures.postgres import execute

SCHEMA = "dashboards_v1"
ROLE = "aduan_dashboards"
PLANTED = {
    "name": "Sulastri Wijayakusuma",
    "address": "Gang Mawar 17",
    "phone": "081234567890",
    "email": "sulastri@warga.example",
    "identity": "3301012345678901",
}
WORDS = (
    *PLANTED.values(),
    "Jembatan gantung",
    "Kampung Sulastri",
    "Kecamatan Sulastri",
    "kategori Sulastri",
    "catatan Sulastri",
    "jawaban Sulastri",
)
FINDING = {"dossier", "ticket", "title", "message", "name", "phone", "email", "hash", "sealed", "text", "user", "desa"}


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    """An installation in which complaints were filed, disposed, answered and returned."""
    opened = Office(database_url)
    for privacy in ("open", "anonymous", "secret"):
        receipt = opened.file(
            reporter=PLANTED,
            title="Jembatan gantung",
            message="Jembatan gantung putus",
            location={"desa": "Kampung Sulastri", "kecamatan": "Kecamatan Sulastri"},
            category="kategori Sulastri",
            privacy=privacy,
        )
        opened.act(receipt, "coordinator", "dispose", agency="dinkes", note="catatan Sulastri")
    opened.later(days=40)
    events = opened.news()
    apply_batch(opened.runtime.database, projection_of("sla"), decode, events)
    opened.tick()
    with opened.runtime.database.autocommit() as cursor:
        events = settled_after(cursor, 0)
    for service in SERVICES:
        apply_batch(opened.runtime.database, projection_of(service), decode, events)
    # Earlier events hold whatever somebody wrote in place of an entry of the lists.
    opened.rows("UPDATE reporting.cases SET category = 'kategori Sulastri', kecamatan = 'Kecamatan Sulastri'")
    opened.rows(
        """
        INSERT INTO notify.messages (dossier, version, recipient, template, tenant, queued_at, next_attempt_at)
        VALUES (%s, 1, 'agency:dinkes:operator', 'inbox', 'cilacap', now(), now())
        """,
        str(receipt.id),
    )
    yield opened
    opened.close()


def _views(office: Office) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for view, column in office.rows(
        """
        SELECT table_name, column_name FROM information_schema.columns
         WHERE table_schema = %s ORDER BY table_name, ordinal_position
        """,
        SCHEMA,
    ):
        found.setdefault(view, []).append(column)
    return found


def test_no_view_holds_anything_by_which_a_person_is_found(office: Office) -> None:
    """Planted in every field that a reporter and an officer write, and looked for in every row of every view."""
    dossiers = [str(dossier) for (dossier,) in office.rows("SELECT DISTINCT dossier FROM eventstore.events")]
    tickets = [ticket for (ticket,) in office.rows("SELECT ticket FROM reporting.cases")]
    views = _views(office)
    for view in views:
        shown = str(office.rows(f"SELECT array_agg(row_to_json(v)::text) FROM {SCHEMA}.{view} v"))

        assert "[(None,)]" != shown, f"{view} shows nothing, so that nothing was tried"
        assert [] == [word for word in (*WORDS, *dossiers, *tickets) if word.lower() in shown.lower()], view
    assert [] == [column for columns in views.values() for column in columns if FINDING & set(column.split("_"))]


def test_instants_are_told_by_the_hour(office: Office) -> None:
    """In no row of any view does an instant have minutes, nor lateness from which they could be told."""
    columns = office.rows(
        """
        SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = %s
           AND (data_type LIKE 'timestamp%%' OR column_name LIKE '%%late_seconds') ORDER BY 1, 2
        """,
        SCHEMA,
    )
    office.rows("UPDATE reporting.cases SET case_due_at = filed_at, case_late_seconds = 61")
    exact, seen = [], set()
    for view, column in columns:
        value = f"{column} / 3600.0" if column.endswith("late_seconds") else f"extract(epoch FROM {column}) / 3600"
        [(count, odd)] = office.rows(
            f"SELECT count({column}), count(*) FILTER (WHERE {value} %% 1 <> 0) FROM {SCHEMA}.{view}"
        )
        seen |= {column} if count else set()
        exact += [(view, column)] * bool(odd)

    assert {"case_due_at", "due_at", "promised_due_at", "soonest_due_at", "late_seconds", "case_late_seconds"} <= seen
    assert [] == exact


def test_the_reader_reads_only_these(office: Office) -> None:
    """Not a table, not another schema's view, no function that writes, and nothing at all to change."""
    login = f"grafana_{uuid4().hex[:8]}"
    url = office.runtime.settings.database_url
    execute(url, f"CREATE ROLE {login} LOGIN IN ROLE {ROLE}")
    try:
        with closing(psycopg2.connect(url.replace("postgres@", f"{login}@", 1))) as reading:
            reading.autocommit = True
            with reading.cursor() as cursor:
                for view in _views(office):
                    cursor.execute(f"SELECT count(*) FROM {SCHEMA}.{view}")
                    with pytest.raises((InsufficientPrivilege, ObjectNotInPrerequisiteState)):
                        cursor.execute(f"DELETE FROM {SCHEMA}.{view}")
                cursor.execute(
                    """
                    SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                     WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
                       AND n.nspname NOT IN ('pg_catalog', 'information_schema', %s)
                       AND (has_table_privilege(c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE')
                            OR has_any_column_privilege(c.oid, 'SELECT, INSERT, UPDATE'))
                       AND has_schema_privilege(n.oid, 'USAGE')
                    """,
                    (SCHEMA,),
                )
                assert [] == cursor.fetchall()
                for forbidden in (
                    "SELECT state FROM eventstore.events",
                    "SELECT * FROM vault.keys",
                    "SELECT * FROM reporting.cases",
                    f"CREATE TABLE {SCHEMA}.mine ()",
                    "CREATE TABLE public.mine ()",
                    "SELECT eventstore.settling_seconds()",
                    "SET ROLE aduan_app",
                ):
                    with pytest.raises(InsufficientPrivilege):
                        cursor.execute(forbidden)
    finally:
        execute(url, f"DROP ROLE {login}")


def test_what_is_written_down_is_what_there_is(office: Office) -> None:
    """Each view and column stands in docs/dashboards.md, and nothing else: others build on them."""
    text = (PROJECT / "docs" / "dashboards.md").read_text(encoding="utf-8")
    told = {
        chapter.split("\n", 1)[0].strip("` "): re.findall(r"^\| `(\w+)`", chapter, re.MULTILINE)
        for chapter in text.split("\n### ")[1:]
    }

    assert _views(office) == told


def test_views_and_rights_outlive_a_rebuild_and_a_migration(office: Office) -> None:
    """New tables take the old ones' place, and whoever looks on sees the same as before."""
    before = {view: sorted(map(str, office.rows(f"SELECT * FROM {SCHEMA}.{view}"))) for view in _views(office)}
    rights = """
        SELECT count(*)::int FROM pg_class WHERE relnamespace = 'dashboards_v1'::regnamespace
           AND has_table_privilege(%s, oid, 'SELECT')
    """
    granted = office.rows(rights, ROLE)
    owner = Database(office.runtime.settings.database_url)
    for service in ("sla", "routing"):
        rebuild(owner, projection_of(service), decode)
    owner.close()
    migrate(office.runtime.settings.database_url)
    after = {view: sorted(map(str, office.rows(f"SELECT * FROM {SCHEMA}.{view}"))) for view in _views(office)}

    assert before == after
    assert [(len(before),)] == granted == office.rows(rights, ROLE)


def test_figures_are_those_of_the_recap(office: Office) -> None:
    """The rows of a month add up to its sums."""
    [rows] = office.rows(f"SELECT count(*), count(answered_hour) FROM {SCHEMA}.complaints WHERE tenant = 'cilacap'")
    [sums] = office.rows(f"SELECT sum(filed)::int, sum(answered)::int FROM {SCHEMA}.recap WHERE tenant = 'cilacap'")

    assert (3, 0) == rows == sums
    assert [("(other)",)] == office.rows(f"SELECT DISTINCT category FROM {SCHEMA}.complaints")
