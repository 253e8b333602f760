-- What of an event decides who is told: the complaint's category, the unit it was passed to, and who had it before.
ALTER TABLE notify.notices
    ADD COLUMN category text,
    ADD COLUMN unit text,
    ADD COLUMN unit_actor text,
    ADD COLUMN former text,
    ADD COLUMN former_agency text;

-- To what address a letter went, as a keyed hash, and under which Message-ID: so that what comes back finds its letter.
ALTER TABLE notify.messages
    ADD COLUMN address_hash text,
    ADD COLUMN message_id text;
CREATE INDEX messages_by_message_id ON notify.messages (message_id) WHERE message_id IS NOT NULL;

CREATE TABLE IF NOT EXISTS notify.outdated (since timestamptz PRIMARY KEY);
INSERT INTO notify.outdated SELECT now() WHERE EXISTS (SELECT FROM notify.applied) ON CONFLICT DO NOTHING;
