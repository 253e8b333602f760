-- What photos look like, by 64 bits that only this installation's key makes sense of, so that a photo that comes again
-- in another complaint is found: bands holds each of their four quarters with its number, and of two that differ in
-- three bits at most one quarter is the same. One row says how far the log has been read.

CREATE TABLE reporting.photos (
    dossier uuid NOT NULL,
    file uuid NOT NULL,
    tenant text NOT NULL,
    at timestamptz NOT NULL,
    look bigint NOT NULL,
    bands integer[] NOT NULL,
    PRIMARY KEY (dossier, file)
);
CREATE INDEX photos_bands ON reporting.photos USING gin (bands);

CREATE TABLE reporting.photos_position (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    key_id text NOT NULL,
    position bigint NOT NULL
);
INSERT INTO reporting.photos_position (key_id, position) VALUES ('', 0);
