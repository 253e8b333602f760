-- For dashboards: how much lies where, and how much of it is late. No title, no name.
CREATE OR REPLACE VIEW routing.workload AS
SELECT tenant, agency, actor, step, task,
       count(*) AS open,
       count(*) FILTER (WHERE state = 'warned') AS warned,
       count(*) FILTER (WHERE state = 'breached') AS breached,
       min(due_at) AS soonest_due_at
  FROM routing.inbox
 GROUP BY tenant, agency, actor, step, task;
