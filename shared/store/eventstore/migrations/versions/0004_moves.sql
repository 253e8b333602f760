-- Governments that are being brought here from another database, or have been taken away to one: see
-- shared/application/moving.

CREATE TABLE eventstore.moves (
    tenant  text        PRIMARY KEY,
    state   text        NOT NULL CHECK (state IN ('arriving', 'arrived', 'moved', 'forgotten')),
    since   timestamptz NOT NULL DEFAULT clock_timestamp(),
    other   text        NOT NULL DEFAULT '',    -- host, port and name of the other database
    sums    jsonb       NOT NULL DEFAULT '{}',  -- of everything that was taken along, as it was then
    CONSTRAINT moves_sums CHECK (jsonb_typeof(sums) = 'object')
);

-- Keeps a government that was taken away from being written of here, by a process that has not heard of it. The triggers
-- are made when the first one is taken away, so that nobody else pays for them: on the log, which tells the government
-- within the event, and on the tables that have a column for it.
CREATE FUNCTION eventstore.refuse_moved() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    own text := coalesce(to_jsonb(NEW) ->> 'tenant', convert_from(decode(
        substr(to_jsonb(NEW) ->> 'state', 3), 'hex'), 'UTF8')::json ->> 'tenant');
BEGIN
    IF EXISTS (SELECT FROM eventstore.moves WHERE tenant = own AND state IN ('moved', 'forgotten')) THEN
        RAISE EXCEPTION 'the government % was taken to another database', own USING ERRCODE = 'AD004';
    END IF;
    RETURN NEW;
END $$;

GRANT SELECT ON eventstore.moves TO aduan_app;
