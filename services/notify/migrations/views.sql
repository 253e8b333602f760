-- For dashboards: what was told, what waits, what could not be brought. No address, no dossier.
CREATE OR REPLACE VIEW notify.traffic AS
SELECT tenant,
       split_part(recipient, ':', 1) AS audience,
       template,
       coalesce(outcome, CASE WHEN attempts > 0 THEN 'retried' ELSE 'queued' END) AS state,
       way,
       reason,
       count(*) AS messages,
       min(queued_at) AS oldest,
       min(next_attempt_at) FILTER (WHERE NOT settled) AS next_attempt_at
  FROM notify.messages
 WHERE recipient <> 'system'
 GROUP BY tenant, audience, template, state, way, reason;
