-- By what an inbox can be narrowed, of the complaint as it is known now; nothing of it is personal. The tables are made
-- anew by an upgrade, so that what was filed before has it too.

ALTER TABLE routing.dossiers ADD COLUMN channel text, ADD COLUMN category text, ADD COLUMN kecamatan text;

INSERT INTO routing.outdated SELECT now() WHERE EXISTS (SELECT FROM routing.applied) ON CONFLICT DO NOTHING;
