-- What a recap tells of the present: where a case stands, groups, rejections, standards of open holdings.

ALTER TABLE reporting.cases
    ADD COLUMN step text,
    ADD COLUMN actor text,
    ADD COLUMN delivered_by text,
    -- The nine elements of PermenPANRB 14/2017, 1 to 4 each; 0 where one was not answered.
    ADD COLUMN elements integer[],
    ADD COLUMN rejected_why text,
    ADD COLUMN merged_into uuid,
    -- How many duplicates are answered with it.
    ADD COLUMN members integer NOT NULL DEFAULT 0;
ALTER TABLE reporting.holdings
    -- The standard of the step, in whose kind of time lateness grows.
    ADD COLUMN within text,
    ADD COLUMN paused_at timestamptz;
CREATE INDEX cases_state ON reporting.cases (tenant, status, filed_at);

CREATE TABLE IF NOT EXISTS reporting.outdated (since timestamptz PRIMARY KEY);
INSERT INTO reporting.outdated SELECT now() WHERE EXISTS (SELECT FROM reporting.applied)
    ON CONFLICT DO NOTHING;
