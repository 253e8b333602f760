-- Clocks on what reporters ask about their own data: a process of the version before would pass them over.

INSERT INTO sla.outdated SELECT now() WHERE EXISTS (SELECT FROM sla.applied) ON CONFLICT DO NOTHING;
