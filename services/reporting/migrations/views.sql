-- For dashboards. Days are UTC days: which local day a complaint belongs to is the recap's business.
CREATE OR REPLACE VIEW reporting.daily AS
SELECT c.tenant,
       (filed_at AT TIME ZONE 'UTC')::date AS day,
       channel,
       classification,
       -- Earlier events hold whatever somebody wrote: only an entry of the lists is told, in their spelling.
       coalesce(l.category, CASE WHEN c.category IS NOT NULL THEN '(other)' END) AS category,
       agency,
       status,
       count(*) AS filed,
       count(answered_at) AS answered,
       count(*) FILTER (WHERE case_met) AS within_standard,
       count(*) FILTER (WHERE NOT case_met) AS beyond_standard,
       sum(returned_wrong_agency) AS wrong_dispositions,
       sum(returned_rework) AS reworked,
       avg(extract(epoch FROM answered_at - filed_at)) AS mean_seconds_to_answer
  FROM reporting.cases c LEFT JOIN reporting.listed l ON l.tenant = c.tenant AND l.folded = lower(btrim(c.category))
 GROUP BY c.tenant, day, channel, classification, 5, agency, status;

CREATE OR REPLACE VIEW reporting.desks AS
SELECT c.tenant,
       h.step,
       h.actor,
       h.agency,
       count(*) AS held,
       count(*) FILTER (WHERE h.until IS NULL) AS holding,
       count(*) FILTER (WHERE h.breached) AS breached,
       avg(extract(epoch FROM h.until - h.since)) AS mean_seconds,
       sum(h.late_seconds) FILTER (WHERE NOT h.imposed) AS own_late_seconds,
       sum(h.late_seconds) FILTER (WHERE h.imposed) AS imposed_late_seconds
  FROM reporting.holdings h JOIN reporting.cases c USING (dossier)
 GROUP BY c.tenant, h.step, h.actor, h.agency;
