-- The clocks.

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

-- How far each dossier has been applied. previous: the version before the latest batch, by which the statement
-- that locks the row can also tell from where to go on. Space is left so that updates stay on their page.
CREATE TABLE sla.applied (
    dossier uuid PRIMARY KEY,
    version integer NOT NULL,
    position bigint NOT NULL,
    previous integer NOT NULL DEFAULT 0
) WITH (fillfactor = 70);

-- One row: every event at or below this position is known to be applied, so that looking starts there.
CREATE TABLE sla.low_water (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    position bigint NOT NULL DEFAULT 0
);
INSERT INTO sla.low_water DEFAULT VALUES;
