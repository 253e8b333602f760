-- The few dossiers that are several tasks to one desk, among all others: which task stands for them is asked by each inbox.
CREATE INDEX inbox_beside ON routing.inbox (tenant, actor, agency, dossier) WHERE beside;
