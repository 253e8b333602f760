-- All hashes of a complaint in one row: some twenty rows and two trees cost four times as much at every filing. The index
-- is made anew from the log, under another way of hashing (services/reporting/likeness_index.py).

DROP TABLE reporting.likeness;
CREATE TABLE reporting.likeness (
    dossier uuid PRIMARY KEY,
    hashes bigint[] NOT NULL
);
-- What was added lately waits in a list, which each search reads whole: half a megabyte takes it about a millisecond.
CREATE INDEX likeness_hashes ON reporting.likeness USING gin (hashes) WITH (gin_pending_list_limit = 512);
