-- Which role may append which type of event: see shared/application/service_roles.py, from which the rows come.
--
-- A login that acts as aduan_app, which all services shared before each had a role of its own, may append all of them; so
-- may the login that owns the tables, which erases and imports. Every other may append what a role says that it is a
-- member of.
CREATE TABLE eventstore.writers (
    type text NOT NULL,
    role text NOT NULL,
    CONSTRAINT writers_pkey PRIMARY KEY (type, role)
);
GRANT SELECT ON eventstore.writers TO aduan_app;

-- As in 0001, and besides: 42501 if the login may not append one of the types. The login is asked, not the role that it
-- acts as: within this function that is the owner.
CREATE OR REPLACE FUNCTION eventstore.append(
    own_dossier uuid, own_version integer, own_type text, own_state bytea,
    dossiers uuid[] DEFAULT NULL, versions integer[] DEFAULT NULL, types text[] DEFAULT NULL, states bytea[] DEFAULT NULL
) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    more CONSTANT integer := coalesce(cardinality(dossiers), 0);
    n integer := 0;
    own_txid xid8;
    first_position bigint;
    locked boolean;
    wanted text;
BEGIN
    IF pg_current_xact_id_if_assigned() IS NOT NULL THEN
        RAISE EXCEPTION 'an append must be the first write of its transaction' USING ERRCODE = 'AD001';
    END IF;
    IF NOT pg_has_role(session_user, 'aduan_app', 'MEMBER') THEN
        FOREACH wanted IN ARRAY own_type || types LOOP
            IF NOT EXISTS (
                SELECT FROM eventstore.writers w
                WHERE w.type = wanted AND pg_has_role(session_user, to_regrole(w.role), 'MEMBER')
            ) THEN
                RAISE EXCEPTION 'login % may not append %', session_user, wanted
                    USING ERRCODE = 'insufficient_privilege';
            END IF;
        END LOOP;
    END IF;
    BEGIN
        locked := pg_advisory_lock(1633973614) IS NOT NULL;
        own_txid := pg_current_xact_id();
        first_position := nextval('eventstore.position');
        IF more > 0 THEN
            PERFORM setval('eventstore.position', first_position + more);
        END IF;
        locked := NOT pg_advisory_unlock(1633973614);
    EXCEPTION WHEN OTHERS OR query_canceled OR assert_failure THEN
        PERFORM pg_advisory_unlock(1633973614);
        RAISE;
    END;
    LOOP
        INSERT INTO eventstore.events (position, txid, dossier, version, type, state, prev_hash, hash)
        SELECT first_position + n, own_txid, own_dossier, own_version, own_type, own_state, prev.hash,
               eventstore.row_hash(prev.hash, first_position + n, own_dossier, own_version, own_type, own_state)
        FROM (
            SELECT coalesce(
                (SELECT e.hash FROM eventstore.events e WHERE e.dossier = own_dossier AND e.version = own_version - 1),
                -- A dossier begins with version 1; in the library's own cases also with 0.
                CASE WHEN own_version IN (0, 1) THEN decode(repeat('00', 32), 'hex') END
            ) AS hash OFFSET 0
        ) AS prev
        WHERE prev.hash IS NOT NULL;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'version % does not follow the last of dossier %', own_version, own_dossier
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        EXIT WHEN n = more;
        n := n + 1;
        own_dossier := dossiers[n];
        own_version := versions[n];
        own_type := types[n];
        own_state := states[n];
    END LOOP;
    RETURN first_position;
END $$;
