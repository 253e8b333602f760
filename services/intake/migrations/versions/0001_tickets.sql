-- Tickets: which dossier a number stands for, and the numbers themselves.

CREATE TABLE intake.tickets (
    dossier uuid PRIMARY KEY,
    tenant text NOT NULL,
    ticket text NOT NULL,
    channel text NOT NULL,
    filed_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX tickets_by_number ON intake.tickets (tenant, ticket);

-- Not a projection: numbers that were drawn, used or not.
CREATE TABLE intake.ticket_numbers (
    tenant text NOT NULL,
    year integer NOT NULL,
    last integer NOT NULL,
    PRIMARY KEY (tenant, year)
) WITH (fillfactor = 50);

-- How far each dossier has been applied. previous: the version before the latest batch, by which the statement
-- that locks the row can also tell from where to go on. Space is left so that updates stay on their page.
CREATE TABLE intake.applied (
    dossier uuid PRIMARY KEY,
    version integer NOT NULL,
    position bigint NOT NULL,
    previous integer NOT NULL DEFAULT 0
) WITH (fillfactor = 70);

-- One row: every event at or below this position is known to be applied, so that looking starts there.
CREATE TABLE intake.low_water (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    position bigint NOT NULL DEFAULT 0
);
INSERT INTO intake.low_water DEFAULT VALUES;
