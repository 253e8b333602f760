-- How often something to be done was broken by a fault of ours; and when it was given up, kept until that is mended.
ALTER TABLE channels.outgoing ADD COLUMN faults integer NOT NULL DEFAULT 0;
ALTER TABLE channels.outgoing ADD COLUMN given_up_at timestamptz;
CREATE INDEX outgoing_given_up ON channels.outgoing (tenant) WHERE given_up_at IS NOT NULL;
