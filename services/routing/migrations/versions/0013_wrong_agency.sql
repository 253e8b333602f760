-- Whether an office has once returned a complaint as not its own: inboxes mark it. The tables are made anew by an upgrade,
-- so that what was returned before is marked too.

ALTER TABLE routing.dossiers ADD COLUMN wrong_agency boolean NOT NULL DEFAULT false;

INSERT INTO routing.outdated SELECT now() WHERE EXISTS (SELECT FROM routing.applied) ON CONFLICT DO NOTHING;
