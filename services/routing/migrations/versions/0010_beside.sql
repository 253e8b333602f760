-- Whether a desk has another task of the same dossier: its inbox shows one row for all of them. The tables are made anew
-- by an upgrade, so that what was begun before is marked too.

ALTER TABLE routing.inbox ADD COLUMN beside boolean NOT NULL DEFAULT false;

INSERT INTO routing.outdated SELECT now() WHERE EXISTS (SELECT FROM routing.applied) ON CONFLICT DO NOTHING;
