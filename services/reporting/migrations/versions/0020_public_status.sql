-- What is public in one state only, the latest published first: few may stand in it among very many.
CREATE INDEX cases_public_status ON reporting.cases (tenant, status, publication_at, dossier)
    WHERE publication = 'published';
