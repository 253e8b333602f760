-- From whom a task came, and what its reporter asked for of their name: told in the lists of tasks. Nothing of it is
-- personal. The tables are made anew by an upgrade, so that what was begun before has it too.

ALTER TABLE routing.inbox ADD COLUMN from_actor text, ADD COLUMN from_agency text;
ALTER TABLE routing.dossiers ADD COLUMN privacy text;

INSERT INTO routing.outdated SELECT now() WHERE EXISTS (SELECT FROM routing.applied) ON CONFLICT DO NOTHING;
