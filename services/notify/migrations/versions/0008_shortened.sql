-- Letters that went as a template, outside the day of free words, and whose person may read them in full once they write
-- again: to whom they went, and whether that is still to be done.
ALTER TABLE notify.carried ADD COLUMN person uuid, ADD COLUMN shortened boolean NOT NULL DEFAULT false;
CREATE INDEX carried_shortened ON notify.carried (tenant, person) WHERE shortened;
