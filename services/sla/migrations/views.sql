-- For dashboards: what runs, what is late, at whose desk.
CREATE OR REPLACE VIEW sla.open_clocks AS
SELECT tenant, target, step, actor, agency, state,
       count(*) AS clocks,
       min(due_at) AS soonest_due_at
  FROM sla.clocks
 WHERE ended_at IS NULL
 GROUP BY tenant, target, step, actor, agency, state;
