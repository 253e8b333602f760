-- Gives all that lies in the database to aduan_owner: for one that the oldest compose file made, whose only login,
-- `aduan`, made the server too, so that REASSIGN OWNED refuses it. Run by psql as that login, after roles.sh; it may be
-- run again.
WITH ours AS (
    SELECT oid, nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'public')
)
SELECT format('ALTER SCHEMA %I OWNER TO aduan_owner', nspname) FROM ours
UNION ALL
SELECT format(
           'ALTER %s %s OWNER TO aduan_owner',
           CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END,
           class.oid::regclass
       )
  FROM pg_class AS class JOIN ours ON ours.oid = relnamespace
 WHERE relkind IN ('r', 'p', 'v', 'm')
    -- A column's own sequence goes with its table.
    OR relkind = 'S' AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = class.oid AND deptype IN ('a', 'i'))
UNION ALL
SELECT format('ALTER ROUTINE %s OWNER TO aduan_owner', routine.oid::regprocedure)
  FROM pg_proc AS routine JOIN ours ON ours.oid = pronamespace
UNION ALL
SELECT format('ALTER TYPE %s OWNER TO aduan_owner', type.oid::regtype)
  FROM pg_type AS type JOIN ours ON ours.oid = typnamespace
 WHERE typtype IN ('e', 'd') OR EXISTS (SELECT FROM pg_class WHERE pg_class.oid = typrelid AND relkind = 'c')
\gexec
