-- Recaps as they were drawn up at the end of their month. Not made from the log alone, hence no projection.

CREATE TABLE reporting.monthly (
    tenant text NOT NULL,
    month text NOT NULL,
    drawn_at timestamptz NOT NULL,
    recap jsonb NOT NULL,
    PRIMARY KEY (tenant, month)
);
