-- How long each step took: the middle and the ninth of ten are read along it, month by month.
CREATE INDEX holdings_took ON reporting.holdings (tenant, month, step, working_seconds) WHERE until IS NOT NULL;
