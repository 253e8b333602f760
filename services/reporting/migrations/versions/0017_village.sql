-- Complaints of one village that wait, by the time of their filing: where others like one are looked for.
CREATE INDEX cases_of_village ON reporting.cases (tenant, desa, filed_at) WHERE ended_at IS NULL AND desa IS NOT NULL;
