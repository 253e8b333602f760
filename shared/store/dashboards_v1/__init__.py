"""The tables of the services as others may read them by SQL: versioned views without personal data, for dashboards."""
