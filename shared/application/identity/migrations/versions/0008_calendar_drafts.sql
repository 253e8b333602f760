-- What administrators decree in the browser about working time: a draft with who, when and why, and what another
-- administrator decided on it. What was approved counts beside the calendar's file, from `counts_from` on; neither is
-- ever changed, so that every promise can be reckoned again as it was.

CREATE TABLE identity.calendar_drafts (
    tenant text NOT NULL,
    number integer NOT NULL CHECK (number > 0),
    drafted_at timestamptz NOT NULL,
    account text NOT NULL,
    why text NOT NULL,
    section text NOT NULL CHECK (section IN ('decrees', 'weeks', 'periods')),
    record jsonb NOT NULL,
    PRIMARY KEY (tenant, number)
);

CREATE TABLE identity.calendar_decisions (
    tenant text NOT NULL,
    number integer NOT NULL,
    decided_at timestamptz NOT NULL,
    account text NOT NULL,
    why text NOT NULL,
    counts_from timestamptz,
    PRIMARY KEY (tenant, number),
    FOREIGN KEY (tenant, number) REFERENCES identity.calendar_drafts (tenant, number)
);
COMMENT ON COLUMN identity.calendar_decisions.counts_from IS 'None where the draft was refused or taken back.';

CREATE FUNCTION identity.refuse_calendar() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what working time was reckoned by is never changed';
END
$$;
CREATE TRIGGER calendar_drafts_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON identity.calendar_drafts
    FOR EACH STATEMENT EXECUTE FUNCTION identity.refuse_calendar();
CREATE TRIGGER calendar_decisions_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON identity.calendar_decisions
    FOR EACH STATEMENT EXECUTE FUNCTION identity.refuse_calendar();
