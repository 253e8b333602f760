-- Signed checkpoints: what the log was up to a position, so that nobody can rewrite it unseen. Each is a line of JSON
-- that tells all by itself (see shared/store/eventstore/checkpoints/signed.py) and is meant to be carried away.

CREATE TABLE eventstore.checkpoints (
    number   bigint NOT NULL,  -- from 1, without gaps
    position bigint NOT NULL,  -- of the last event that it speaks of
    document text   NOT NULL,  -- the checkpoint, as signed
    CONSTRAINT checkpoints_pkey PRIMARY KEY (number)
);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON eventstore.checkpoints
    FOR EACH STATEMENT EXECUTE FUNCTION eventstore.refuse();
ALTER TABLE eventstore.checkpoints ENABLE ALWAYS TRIGGER append_only;

GRANT SELECT, INSERT ON eventstore.checkpoints TO aduan_app;
