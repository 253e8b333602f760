-- Which two complaints an officer has said are not the same matter, so that they are not suggested again. The lesser id
-- is the first; who is erased is told of no more.
CREATE TABLE reporting.told_apart (
    one uuid NOT NULL,
    other uuid NOT NULL,
    tenant text NOT NULL,
    account text NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (one, other),
    CHECK (one < other)
);
CREATE INDEX told_apart_other ON reporting.told_apart (other);
