"""The clocks."""

from shared.platform.migrations import sql
from shared.store.projection.applied import applied_table_sql

revision = "0001"
down_revision = None

upgrade = sql(
    """
    CREATE TABLE sla.clocks (
        dossier uuid NOT NULL,
        id text NOT NULL,
        tenant text NOT NULL,
        ticket text NOT NULL,
        target text NOT NULL,
        step text NOT NULL,
        actor text NOT NULL,
        agency text,
        within text,
        started_at timestamptz NOT NULL,
        promised_due_at timestamptz NOT NULL,
        due_at timestamptz NOT NULL,
        warn_at timestamptz,
        sop_version integer NOT NULL,
        calendar_version text NOT NULL,
        ends text,
        effect text,
        state text NOT NULL,
        paused_at timestamptz,
        warned_at timestamptz,
        breached_at timestamptz,
        breach_noted boolean NOT NULL,
        escalated integer NOT NULL,
        ended_at timestamptz,
        late_seconds bigint,
        fire_at timestamptz,
        -- Not told by events: who is working on the clock right now, by the database's clock.
        leased_until timestamptz,
        PRIMARY KEY (dossier, id)
    );
    -- All that a tick looks at: it grows with what is due, not with what is open.
    CREATE INDEX clocks_to_fire ON sla.clocks (fire_at) WHERE fire_at IS NOT NULL;
    CREATE INDEX clocks_open ON sla.clocks (tenant, due_at, dossier, id) WHERE ended_at IS NULL;

    -- So that a clock that starts late in a dossier's life can still be shown with its ticket.
    CREATE TABLE sla.tickets (dossier uuid PRIMARY KEY, ticket text NOT NULL);
    """
    + applied_table_sql("sla")
)
