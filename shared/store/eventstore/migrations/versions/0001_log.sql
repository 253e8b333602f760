-- The log of events, and where its readers stand.

CREATE SEQUENCE eventstore.position AS bigint;

CREATE TABLE eventstore.events (
    position  bigint  NOT NULL,  -- place in the one global order; a gap is an append that was rolled back
    txid      xid8    NOT NULL,  -- the transaction that wrote it: readers wait until no older one is in flight
    dossier   uuid    NOT NULL,
    version   integer NOT NULL,  -- place in its dossier, without gaps
    type      text    NOT NULL,
    state     bytea   NOT NULL,  -- the event's data, as JSON in UTF-8
    prev_hash bytea   NOT NULL,  -- the hash of the row before it in its dossier; 32 zero bytes for the first
    hash      bytea   NOT NULL,  -- see eventstore.row_hash
    CONSTRAINT events_pkey PRIMARY KEY (position),
    CONSTRAINT events_dossier_version_key UNIQUE (dossier, version)
);

-- How far each relay has published. It may be set back, never trusted to be ahead.
CREATE TABLE eventstore.relay (
    name     text   PRIMARY KEY,
    position bigint NOT NULL
);

-- How far the process applications of the `eventsourcing` library have come, one row for each upstream application.
CREATE TABLE eventstore.tracking (
    application_name text   PRIMARY KEY,
    notification_id  bigint NOT NULL
);

-- The hash of a row: over all it says except the transaction's id, which belongs to one server. Every field has a fixed
-- length or its length before it, except the last, so no two rows can be written as the same bytes.
CREATE FUNCTION eventstore.row_hash(
    prev_hash bytea, "position" bigint, dossier uuid, version integer, type text, state bytea
) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN sha256(
    prev_hash || int8send("position") || uuid_send(dossier) || int4send(version)
    || int4send(octet_length(type)) || convert_to(type, 'UTF8') || state
);

-- Appends an event, and more if given, and returns the position of the first; the others follow it without a gap.
--
-- Why the order holds: a transaction's id and its block of positions are drawn together, under a lock that is let go
-- as soon as they are drawn. So ids and positions rise together, and a reader that keeps to transactions older than the
-- oldest in flight never later finds a row at or below a position it has seen. Rows are written and committed outside
-- the lock, so that commits overlap.
--
-- The lock belongs to the session, since a transaction's lock cannot be let go before its end. Whatever goes wrong
-- around it is caught to let go of it: a cancelled wait may have been granted all the same. (An unlock without a lock is
-- only a warning.) Callers besides close the session after any error but the ones named here, should even that fail.
--
-- The first event comes as single values and only the others as arrays, and the lock is taken in an assignment rather
-- than by PERFORM, since both make the usual append of one event cheaper.
--
-- Errors: 23505 the dossier has that version already; 23000 the version does not follow the dossier's last;
-- AD001 the transaction has written before.
CREATE FUNCTION eventstore.append(
    own_dossier uuid, own_version integer, own_type text, own_state bytea,
    dossiers uuid[] DEFAULT NULL, versions integer[] DEFAULT NULL, types text[] DEFAULT NULL, states bytea[] DEFAULT NULL
) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    more CONSTANT integer := coalesce(cardinality(dossiers), 0);
    n integer := 0;
    own_txid xid8;
    first_position bigint;
    locked boolean;
BEGIN
    IF pg_current_xact_id_if_assigned() IS NOT NULL THEN
        RAISE EXCEPTION 'an append must be the first write of its transaction' USING ERRCODE = 'AD001';
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

-- Append-only, for owners too, and for sessions that switch ordinary triggers off.
CREATE FUNCTION eventstore.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log is append-only: % is refused', lower(TG_OP) USING ERRCODE = 'AD002';
END $$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON eventstore.events
    FOR EACH STATEMENT EXECUTE FUNCTION eventstore.refuse();
ALTER TABLE eventstore.events ENABLE ALWAYS TRIGGER append_only;

-- Seconds for which the oldest transaction that has written has been in flight: by so much do readers lag behind the
-- writers. A function with its owner's rights, since one login does not see what another is doing.
CREATE FUNCTION eventstore.settling_seconds() RETURNS double precision
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
RETURN (
    SELECT coalesce(max(extract(epoch FROM clock_timestamp() - xact_start)), 0)
    FROM pg_stat_activity WHERE backend_xid IS NOT NULL AND pid <> pg_backend_pid()
);

-- After a dump was restored on another server, the ids of the old one's transactions mean nothing there: rows might stay
-- unread until the new server's count comes to them. All of them are settled, so they get the oldest id there is.
-- A visible row cannot bear an id that was not given out yet: that is how such a log is known. Run at every migrate.
CREATE FUNCTION eventstore.adopt_restored() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM (SELECT txid FROM eventstore.events ORDER BY position DESC LIMIT 1) AS last
        WHERE txid >= pg_snapshot_xmax(pg_current_snapshot())
    ) THEN
        ALTER TABLE eventstore.events DISABLE TRIGGER append_only;
        UPDATE eventstore.events SET txid = '3' WHERE txid > '3';
        ALTER TABLE eventstore.events ENABLE ALWAYS TRIGGER append_only;
    END IF;
END $$;

REVOKE ALL ON FUNCTION eventstore.append, eventstore.settling_seconds, eventstore.adopt_restored FROM PUBLIC;
GRANT EXECUTE ON FUNCTION eventstore.append, eventstore.settling_seconds TO aduan_app;
GRANT SELECT ON eventstore.events TO aduan_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON eventstore.relay, eventstore.tracking TO aduan_app;
