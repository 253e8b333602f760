-- What the reporter must know of before their time to reply runs out, and whether they do.

ALTER TABLE sla.clocks ADD COLUMN about integer, ADD COLUMN told boolean NOT NULL DEFAULT true;

-- What the tables kept before does not tell it; the log does.
CREATE TABLE IF NOT EXISTS sla.outdated (since timestamptz PRIMARY KEY);
INSERT INTO sla.outdated SELECT now() WHERE EXISTS (SELECT FROM sla.applied) ON CONFLICT DO NOTHING;
