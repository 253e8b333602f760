-- Complaints that came back from an office while they still wait: few among all, watched by coordinators.
CREATE INDEX cases_returned ON reporting.cases (tenant, filed_at, dossier)
 WHERE ended_at IS NULL AND returned_wrong_agency + returned_out_of_authority + returned_rework > 0;
