"""The inboxes."""

from shared.platform.migrations import sql
from shared.store.projection.applied import applied_table_sql

revision = "0001"
down_revision = None

upgrade = sql(
    """
    CREATE TABLE routing.inbox (
        dossier uuid PRIMARY KEY,
        tenant text NOT NULL,
        ticket text NOT NULL,
        step text NOT NULL,
        actor text NOT NULL,
        agency text,
        status text NOT NULL,
        since timestamptz NOT NULL,
        due_at timestamptz,
        state text NOT NULL,
        promise_version integer NOT NULL,
        filed text
    );
    CREATE INDEX inbox_by_agency ON routing.inbox (tenant, agency, actor, (coalesce(due_at, 'infinity')), dossier);
    CREATE INDEX inbox_by_due ON routing.inbox (tenant, (coalesce(due_at, 'infinity')), dossier);
    """
    + applied_table_sql("routing")
)
