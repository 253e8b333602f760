-- What of a complaint the public may read, and what still waits to be written or published.

ALTER TABLE reporting.cases
    ADD COLUMN publication text,
    ADD COLUMN publication_at timestamptz,
    -- Sealed with the dossier's key.
    ADD COLUMN public_text text;

CREATE INDEX cases_publication ON reporting.cases (tenant, publication, publication_at, dossier)
    WHERE publication IS NOT NULL AND publication <> 'never';

INSERT INTO reporting.outdated SELECT now() WHERE EXISTS (SELECT FROM reporting.applied) ON CONFLICT DO NOTHING;
