-- By whom complaints can be found, as keyed hashes, and how far the log has been read for it.

CREATE TABLE reporting.people (
    dossier uuid NOT NULL,
    kind text NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (dossier, kind, hash)
);
CREATE INDEX people_hash ON reporting.people (hash);

-- One row: the key that the hashes were made with, and the log's position up to which they are there.
CREATE TABLE reporting.people_position (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    key_id text NOT NULL,
    position bigint NOT NULL
);
INSERT INTO reporting.people_position (key_id, position) VALUES ('', 0);

CREATE INDEX cases_ticket ON reporting.cases (tenant, ticket);
CREATE INDEX cases_latest ON reporting.cases (tenant, filed_at DESC, dossier DESC);
