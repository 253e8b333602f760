-- What coordinators watch: the few tasks that are nearly late, and those that wait for their reporter, among all others.
CREATE INDEX inbox_warned
    ON routing.inbox (tenant, (coalesce(due_at, 'infinity')), dossier, task, task_version) WHERE state = 'warned';
CREATE INDEX inbox_of_reporter
    ON routing.inbox (tenant, (coalesce(due_at, 'infinity')), dossier, task, task_version)
 WHERE task = 'step' AND (actor = 'reporter' OR status = 'returned');
