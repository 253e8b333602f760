-- By which reply a letter that went shortened is told in full: should that never arrive, the letter has not.
ALTER TABLE notify.carried ADD COLUMN in_full uuid;
CREATE INDEX carried_in_full ON notify.carried (in_full) WHERE in_full IS NOT NULL;
