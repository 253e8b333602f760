-- When it was last asked whose letter a report is of, in vain: so that strangers' reports do not stand before ours.
ALTER TABLE channels.reported ADD COLUMN tried_at timestamptz;
CREATE INDEX reported_by_turn ON channels.reported ((coalesce(tried_at, received_at))) WHERE handled_at IS NULL;
