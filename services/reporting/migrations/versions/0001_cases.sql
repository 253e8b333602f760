-- What a recap counts: one row per dossier, and one for each time that it was in somebody's hands.

CREATE TABLE reporting.cases (
    dossier uuid PRIMARY KEY,
    tenant text NOT NULL,
    ticket text NOT NULL,
    sop_version integer NOT NULL,
    channel text NOT NULL,
    privacy text NOT NULL,
    classification text,
    category text,
    kecamatan text,
    desa text,
    agency text,
    status text NOT NULL,
    filed_at timestamptz NOT NULL,
    answer integer,
    answered_at timestamptz,
    last_answered_at timestamptz,
    delivered_at timestamptz,
    delivery_failures integer NOT NULL,
    interims integer NOT NULL,
    ended_at timestamptz,
    closed_by text,
    dispositions integer NOT NULL,
    returned_incomplete integer NOT NULL,
    returned_wrong_agency integer NOT NULL,
    returned_out_of_authority integer NOT NULL,
    returned_rework integer NOT NULL,
    supplements integer NOT NULL,
    transfers integer NOT NULL,
    replies integer NOT NULL,
    reopened integer NOT NULL,
    rating integer,
    case_due_at timestamptz,
    -- Whether the first case clock was met; unknown while it runs, and where it was cancelled in time.
    case_met boolean,
    case_late_seconds bigint,
    -- Whether every step was in time up to the first final answer.
    steps_met boolean
);
CREATE INDEX cases_filed ON reporting.cases (tenant, filed_at);

CREATE TABLE reporting.holdings (
    dossier uuid NOT NULL,
    version integer NOT NULL,
    step text NOT NULL,
    actor text NOT NULL,
    agency text,
    since timestamptz NOT NULL,
    until timestamptz,
    due_at timestamptz,
    left_by text,
    late_seconds bigint,
    breached boolean NOT NULL,
    -- To whom the time is charged, where that is not who held it: a dossier that came back was sent there in vain.
    imposed boolean NOT NULL,
    charged_actor text NOT NULL,
    charged_agency text,
    PRIMARY KEY (dossier, version)
);

-- How far each dossier has been applied. previous: the version before the latest batch, by which the statement
-- that locks the row can also tell from where to go on. Space is left so that updates stay on their page.
CREATE TABLE reporting.applied (
    dossier uuid PRIMARY KEY,
    version integer NOT NULL,
    position bigint NOT NULL,
    previous integer NOT NULL DEFAULT 0
) WITH (fillfactor = 70);

-- One row: every event at or below this position is known to be applied, so that looking starts there.
CREATE TABLE reporting.low_water (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    position bigint NOT NULL DEFAULT 0
);
INSERT INTO reporting.low_water DEFAULT VALUES;
