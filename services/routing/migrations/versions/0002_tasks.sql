-- The inbox holds tasks: a dossier may be several, of several people.
-- What lay in the table before cannot tell of all of them; the log can. So the tables begin empty and are made anew.

DROP TABLE routing.inbox CASCADE;
CREATE TABLE routing.inbox (
    dossier uuid NOT NULL,
    task text NOT NULL,
    task_version integer NOT NULL,
    tenant text NOT NULL,
    step text,
    actor text NOT NULL,
    agency text,
    status text NOT NULL,
    since timestamptz NOT NULL,
    due_at timestamptz,
    judged boolean NOT NULL,
    state text NOT NULL,
    paused_until timestamptz,
    PRIMARY KEY (dossier, task, task_version)
);
CREATE INDEX inbox_by_agency
    ON routing.inbox (tenant, agency, actor, (coalesce(due_at, 'infinity')), dossier, task, task_version);
CREATE INDEX inbox_by_due ON routing.inbox (tenant, (coalesce(due_at, 'infinity')), dossier, task, task_version);

-- What is the same for all tasks of a dossier, kept also when it has ended: it may be taken up again.
CREATE TABLE routing.dossiers (dossier uuid PRIMARY KEY, ticket text NOT NULL, filed text);

CREATE TABLE IF NOT EXISTS routing.outdated (since timestamptz PRIMARY KEY);
INSERT INTO routing.outdated SELECT now() WHERE EXISTS (SELECT FROM routing.applied)
    ON CONFLICT DO NOTHING;
