-- What administrators change of offices in the browser: how a desk is reached, and officers' addresses and absences; each
-- change with who, when and why. Of contacts the latest of a place counts instead of the file; where there is none, or
-- its contacts are null, the file counts. Rows are only ever added; no trigger forbids the rest, since the number of a
-- person may have to be erased one day.

CREATE TABLE identity.office_changes (
    tenant text NOT NULL,
    number integer NOT NULL CHECK (number > 0),
    changed_at timestamptz NOT NULL,
    account text NOT NULL,
    why text NOT NULL,
    what text NOT NULL CHECK (what IN ('contacts', 'reach', 'away', 'back')),
    place text NOT NULL,
    contacts jsonb,
    told text NOT NULL DEFAULT '',
    PRIMARY KEY (tenant, number)
);
COMMENT ON COLUMN identity.office_changes.place IS 'Of a desk, or of an account: account/NAME.';
COMMENT ON COLUMN identity.office_changes.told IS 'The days of an absence and who stands in; no address.';
CREATE INDEX office_changes_by_place ON identity.office_changes (tenant, place, number DESC);
