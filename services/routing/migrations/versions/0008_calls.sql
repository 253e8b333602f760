-- A reporter who asked to be called is a task of its own kind, which only the call ends. The tables are made anew by an
-- upgrade, so that who asked before, and wrote since, stands there again.

INSERT INTO routing.outdated SELECT now() WHERE EXISTS (SELECT FROM routing.applied) ON CONFLICT DO NOTHING;
