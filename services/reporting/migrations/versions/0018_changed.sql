-- When the public last saw something change of a complaint: others ask again and again for what is new since then.
CREATE INDEX cases_changed ON reporting.cases (tenant, (greatest(
    filed_at, answered_at, last_answered_at, ended_at, CASE WHEN publication = 'published' THEN publication_at END)));
