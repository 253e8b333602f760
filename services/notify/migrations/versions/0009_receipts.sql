-- Of which complaint a reply is the receipt: one that never arrives must not vanish.
ALTER TABLE notify.talks ADD COLUMN receipt uuid;
CREATE INDEX talks_receipt ON notify.talks (receipt) WHERE receipt IS NOT NULL;
