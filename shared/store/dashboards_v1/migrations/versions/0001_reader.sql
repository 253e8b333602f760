-- What others read by SQL, as a contract: the views of this schema (views.sql) keep their names, columns and meanings; what
-- would change one of them makes a schema dashboards_v2 beside it. The schema itself is made by whoever runs the steps.
COMMENT ON SCHEMA dashboards_v1 IS
    'For dashboards: no personal data, no ticket, no dossier. Described in docs/dashboards.md. Columns are added, never changed.';
