-- How often a reply was broken by a fault of ours, and how often nobody said whether it was taken: what merely waited
-- for an account or for its turn is neither, and brings no reply nearer to being given up.
ALTER TABLE notify.talks ADD COLUMN faults integer NOT NULL DEFAULT 0;
ALTER TABLE notify.talks ADD COLUMN unsure integer NOT NULL DEFAULT 0;
