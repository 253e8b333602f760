-- One row for each complaint. Instants are told by the hour, so that nobody is found by the minute; of an agency, a step
-- and a role the name in the government's files; of a category only an entry of the government's lists, since earlier events
-- hold whatever somebody wrote.
CREATE OR REPLACE VIEW dashboards_v1.complaints AS
SELECT c.tenant,
       c.month,
       date_trunc('hour', c.filed_at) AS filed_hour,
       c.channel,
       c.privacy,
       c.classification,
       coalesce(l.category, CASE WHEN c.category IS NOT NULL THEN '(other)' END) AS category,
       c.agency,
       c.status,
       c.step,
       c.actor,
       c.sop_version,
       date_trunc('hour', c.answered_at) AS answered_hour,
       date_trunc('hour', c.ended_at) AS ended_hour,
       round(extract(epoch FROM c.answered_at - c.filed_at) / 60)::bigint AS minutes_to_answer,
       round(c.first_working / 60.0)::bigint AS working_minutes_to_answer,
       c.delivered_at IS NOT NULL AS delivered,
       c.delivery_failures,
       c.interims,
       c.dispositions,
       c.returned_incomplete,
       c.returned_wrong_agency,
       c.returned_out_of_authority,
       c.returned_rework,
       c.supplements,
       c.transfers,
       c.replies,
       c.reopened,
       c.rating,
       date_trunc('hour', c.case_due_at) AS case_due_at,
       c.case_met,
       (ceil(c.case_late_seconds / 3600.0) * 3600)::bigint AS case_late_seconds,
       c.steps_met
  FROM reporting.cases c LEFT JOIN reporting.listed l ON l.tenant = c.tenant AND l.folded = lower(btrim(c.category));

-- One row for each time that a desk held a complaint.
CREATE OR REPLACE VIEW dashboards_v1.holdings AS
SELECT tenant,
       month,
       step,
       actor,
       agency,
       date_trunc('hour', since) AS since_hour,
       date_trunc('hour', until) AS until_hour,
       round(extract(epoch FROM until - since) / 60)::bigint AS minutes,
       round(working_seconds / 60.0)::bigint AS working_minutes,
       date_trunc('hour', due_at) AS due_at,
       within,
       left_by,
       (ceil(late_seconds / 3600.0) * 3600)::bigint AS late_seconds,
       breached,
       imposed,
       charged_actor,
       charged_agency
  FROM reporting.holdings;

-- One row for each time standard, whatever became of it.
CREATE OR REPLACE VIEW dashboards_v1.clocks AS
SELECT tenant,
       target,
       step,
       actor,
       agency,
       state,
       within,
       date_trunc('hour', started_at) AS started_hour,
       date_trunc('hour', promised_due_at) AS promised_due_at,
       date_trunc('hour', due_at) AS due_at,
       warned_at IS NOT NULL AS warned,
       breached_at IS NOT NULL AS breached,
       escalated,
       date_trunc('hour', ended_at) AS ended_hour,
       (ceil(late_seconds / 3600.0) * 3600)::bigint AS late_seconds,
       sop_version
  FROM sla.clocks;

-- How much lies where now, and how much of it is late.
CREATE OR REPLACE VIEW dashboards_v1.inbox AS
SELECT tenant,
       agency,
       actor,
       step,
       task,
       state,
       count(*) AS tasks,
       date_trunc('hour', min(due_at)) AS soonest_due_at,
       date_trunc('hour', min(since)) AS oldest_since_hour
  FROM routing.inbox
 GROUP BY tenant, agency, actor, step, task, state;

-- The sums of which the recap of a month is made; the agency is empty where nobody had the complaint yet.
CREATE OR REPLACE VIEW dashboards_v1.recap AS
SELECT tenant, month, agency,
       filed, answered, open, lapsed, withdrawn, rejected, merged, closed_unanswered, ever_answered, grouped, transferred,
       reopened, delivered, not_reached, delivery_failures, interim_answers, dispositions, incomplete, wrong_agency,
       out_of_authority, rework, supplements, replies, met, missed, steps_met, steps_missed, ratings, rating_sum, surveys
  FROM reporting.month_cases;

-- Letters and replies by day, and what became of them; of whoever was written to only who they are to the complaint.
CREATE OR REPLACE VIEW dashboards_v1.letters AS
SELECT tenant,
       (queued_at AT TIME ZONE 'UTC')::date AS day,
       split_part(recipient, ':', 1) AS audience,
       template,
       coalesce(outcome, CASE WHEN attempts > 0 THEN 'retried' ELSE 'queued' END) AS state,
       way,
       reason,
       count(*) AS letters
  FROM notify.messages
 WHERE recipient <> 'system'
 GROUP BY tenant, day, audience, template, state, way, reason;

-- Who reads them. An owner without the right to make roles leaves that to the server's administrator (docs/dashboards.md)
-- and gives the rights at the next migrate.
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'aduan_dashboards')
       AND (SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user) THEN
        BEGIN
            CREATE ROLE aduan_dashboards NOLOGIN;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
        END;
    END IF;
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'aduan_dashboards') THEN
        GRANT USAGE ON SCHEMA dashboards_v1 TO aduan_dashboards;
        GRANT SELECT ON ALL TABLES IN SCHEMA dashboards_v1 TO aduan_dashboards;
    END IF;
END $$;
