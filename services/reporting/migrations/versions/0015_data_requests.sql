-- What reporters asked about their own data, with what became of it: a recap counts these.

CREATE TABLE reporting.data_requests (
    dossier uuid NOT NULL,
    version integer NOT NULL,
    tenant text NOT NULL,
    month text NOT NULL,
    kind text NOT NULL,
    due_at timestamptz NOT NULL,
    answered_at timestamptz,
    outcome text,
    PRIMARY KEY (dossier, version)
);
CREATE INDEX data_requests_by_month ON reporting.data_requests (tenant, month);

INSERT INTO reporting.outdated SELECT now() WHERE EXISTS (SELECT FROM reporting.applied) ON CONFLICT DO NOTHING;
