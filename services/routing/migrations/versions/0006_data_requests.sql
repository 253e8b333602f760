-- Tasks about what reporters ask about their own data: a process of the version before would pass them over.

INSERT INTO routing.outdated SELECT now() WHERE EXISTS (SELECT FROM routing.applied) ON CONFLICT DO NOTHING;
