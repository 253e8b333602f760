-- The inboxes.

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

-- How far each dossier has been applied. previous: the version before the latest batch, by which the statement
-- that locks the row can also tell from where to go on. Space is left so that updates stay on their page.
CREATE TABLE routing.applied (
    dossier uuid PRIMARY KEY,
    version integer NOT NULL,
    position bigint NOT NULL,
    previous integer NOT NULL DEFAULT 0
) WITH (fillfactor = 70);

-- One row: every event at or below this position is known to be applied, so that looking starts there.
CREATE TABLE routing.low_water (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    position bigint NOT NULL DEFAULT 0
);
INSERT INTO routing.low_water DEFAULT VALUES;
