-- Who opened the personal data of which dossier, when, in which role and why. No projection: nothing else tells it, so
-- no rebuild touches it, and no row is ever changed. Nothing of a reporter's stands here, so an erasure leaves it.

CREATE TABLE readings.readings (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant text NOT NULL,
    dossier uuid NOT NULL,
    at timestamptz NOT NULL,
    -- A quarter of an hour, counted from 1970: who looks again within it has opened the dossier once.
    quarter bigint NOT NULL,
    actor text NOT NULL,
    -- Blank for a desk of the government's own.
    agency text NOT NULL,
    account text NOT NULL,
    -- dossier, file, register
    what text NOT NULL,
    why text NOT NULL,
    -- Whether it was shown who reported.
    named boolean NOT NULL,
    UNIQUE (dossier, quarter, account, actor, agency, what, why, named)
);
CREATE INDEX readings_tenant ON readings.readings (tenant, number);
CREATE INDEX readings_account ON readings.readings (tenant, account, number);

CREATE FUNCTION readings.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'who read what is never changed';
END
$$;
CREATE TRIGGER readings_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON readings.readings
    FOR EACH STATEMENT EXECUTE FUNCTION readings.refuse();
