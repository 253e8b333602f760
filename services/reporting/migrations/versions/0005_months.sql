-- The figures of each month of filing, by agency: a recap reads a few sums instead of all that is counted in them. What
-- depends on a government's calendar is reckoned when it is known: the month of a filing, working time when it has passed.

ALTER TABLE reporting.cases
    ADD COLUMN month text NOT NULL DEFAULT '',
    -- Working seconds from the filing to the first and to the last final answer.
    ADD COLUMN first_working bigint,
    ADD COLUMN last_working bigint;
ALTER TABLE reporting.holdings
    ADD COLUMN tenant text NOT NULL DEFAULT '',
    ADD COLUMN month text NOT NULL DEFAULT '',
    ADD COLUMN working_seconds bigint;

-- What changes with time is counted when it is asked for, over what is open.
CREATE INDEX holdings_open ON reporting.holdings (tenant, month, due_at) WHERE until IS NULL;
CREATE INDEX cases_open ON reporting.cases (tenant) WHERE ended_at IS NULL;
-- For medians, which no sum tells.
CREATE INDEX cases_answered ON reporting.cases (tenant, month) WHERE answered_at IS NOT NULL;
-- Registers and searches of one agency.
CREATE INDEX cases_of_agency ON reporting.cases (tenant, agency, filed_at, dossier);
-- The index of the latest serves as well.
DROP INDEX reporting.cases_filed;

-- One row for each agency that complaints are with now; '' for none.
CREATE TABLE reporting.month_cases (
    tenant text NOT NULL,
    month text NOT NULL,
    agency text NOT NULL,
    filed bigint NOT NULL,
    answered bigint NOT NULL,
    open bigint NOT NULL,
    lapsed bigint NOT NULL,
    withdrawn bigint NOT NULL,
    rejected bigint NOT NULL,
    merged bigint NOT NULL,
    closed_unanswered bigint NOT NULL,
    ever_answered bigint NOT NULL,
    groups bigint NOT NULL,
    grouped bigint NOT NULL,
    transferred bigint NOT NULL,
    not_reached bigint NOT NULL,
    reopened bigint NOT NULL,
    delivered bigint NOT NULL,
    delivery_failures bigint NOT NULL,
    interim_answers bigint NOT NULL,
    cases_with_interim bigint NOT NULL,
    dispositions bigint NOT NULL,
    incomplete bigint NOT NULL,
    wrong_agency bigint NOT NULL,
    out_of_authority bigint NOT NULL,
    rework bigint NOT NULL,
    supplements bigint NOT NULL,
    replies bigint NOT NULL,
    met bigint NOT NULL,
    missed bigint NOT NULL,
    steps_met bigint NOT NULL,
    steps_missed bigint NOT NULL,
    first_micros bigint NOT NULL,
    last_micros bigint NOT NULL,
    first_working bigint NOT NULL,
    last_working bigint NOT NULL,
    asked bigint NOT NULL,
    ratings bigint NOT NULL,
    rating_sum bigint NOT NULL,
    surveys bigint NOT NULL,
    fingerprint bigint NOT NULL,
    PRIMARY KEY (tenant, month, agency)
) WITH (fillfactor = 70);

-- The same complaints told apart by one kind of thing each: status, category, ...; '' for what is not known.
CREATE TABLE reporting.month_groups (
    tenant text NOT NULL,
    month text NOT NULL,
    agency text NOT NULL,
    kind text NOT NULL,
    value text NOT NULL,
    filed bigint NOT NULL,
    answered bigint NOT NULL,
    met bigint NOT NULL,
    missed bigint NOT NULL,
    PRIMARY KEY (tenant, month, agency, kind, value)
) WITH (fillfactor = 70);

-- Time and lateness in somebody's hands, by holder and by step; of what is still held only that it is.
CREATE TABLE reporting.month_hands (
    tenant text NOT NULL,
    month text NOT NULL,
    part text NOT NULL,
    agency text NOT NULL,
    name text NOT NULL,
    held bigint NOT NULL,
    holding bigint NOT NULL,
    seconds bigint NOT NULL,
    working_seconds bigint NOT NULL,
    breached bigint NOT NULL,
    own_breached bigint NOT NULL,
    imposed_breached bigint NOT NULL,
    own_late_seconds bigint NOT NULL,
    imposed_late_seconds bigint NOT NULL,
    caused bigint NOT NULL,
    caused_seconds bigint NOT NULL,
    caused_late_seconds bigint NOT NULL,
    PRIMARY KEY (tenant, month, part, agency, name)
) WITH (fillfactor = 70);

CREATE TABLE IF NOT EXISTS reporting.outdated (since timestamptz PRIMARY KEY);
INSERT INTO reporting.outdated SELECT now() WHERE EXISTS (SELECT FROM reporting.applied)
    ON CONFLICT DO NOTHING;
