-- Which complaints may be about one matter, as keyed hashes of their words and places; what became of complaints in the
-- past, with their words folded into buckets; and how far the log has been read for both.

CREATE TABLE reporting.likeness (
    dossier uuid NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (dossier, hash)
);
CREATE INDEX likeness_hash ON reporting.likeness (hash);

-- One row for each complaint that an officer has sent to an agency. agency: where it is now, none while it is on its way
-- back; category: as a person has it. The guesses are those of the moment before, the likeliest first.
CREATE TABLE reporting.past (
    dossier uuid PRIMARY KEY,
    tenant text NOT NULL,
    position bigint NOT NULL,
    month text NOT NULL,
    buckets smallint[] NOT NULL,
    agency text,
    category text,
    guessed_agencies text[] NOT NULL,
    guessed_categories text[] NOT NULL
);
CREATE INDEX past_latest ON reporting.past (tenant, position DESC);
CREATE INDEX past_month ON reporting.past (tenant, month);

-- One row for each complaint that an officer has merged into another: whether that other would have been suggested.
CREATE TABLE reporting.past_merges (
    dossier uuid PRIMARY KEY,
    tenant text NOT NULL,
    month text NOT NULL,
    agency text,
    suggested boolean NOT NULL
);
CREATE INDEX past_merges_month ON reporting.past_merges (tenant, month);

-- One row: the key that the hashes were made with, and the log's position up to which they are there.
CREATE TABLE reporting.likeness_position (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    key_id text NOT NULL,
    position bigint NOT NULL
);
INSERT INTO reporting.likeness_position (key_id, position) VALUES ('', 0);
