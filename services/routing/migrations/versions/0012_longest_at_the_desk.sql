-- Of what is due at the same instant, what has lain longest at its desk comes first: the indexes by which inboxes are read.
-- The version before finds its order by their first columns, and sorts what is due at one instant.
CREATE INDEX inbox_by_desk
    ON routing.inbox (tenant, agency, actor, (coalesce(due_at, 'infinity')), since, dossier, task, task_version);
CREATE INDEX inbox_by_time
    ON routing.inbox (tenant, (coalesce(due_at, 'infinity')), since, dossier, task, task_version);
DROP INDEX routing.inbox_by_agency;
DROP INDEX routing.inbox_by_due;
