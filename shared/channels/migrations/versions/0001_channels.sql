-- What was heard by WhatsApp, SMS and the like, who said it, and what is being done about it. Every text, number, name
-- and address is sealed with a key of the person's own; an id is found by a keyed hash of it.

CREATE TABLE channels.persons (
    tenant text NOT NULL,
    person uuid NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, person)
);

CREATE TABLE channels.ids (
    tenant text NOT NULL,
    kind text NOT NULL,
    hash bytea NOT NULL,
    person uuid NOT NULL,
    seen_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, kind, hash)
);
CREATE INDEX ids_by_person ON channels.ids (tenant, person);

-- The journal. A message is here before its provider hears that it was taken, and by this key it is here once.
CREATE TABLE channels.heard (
    tenant text NOT NULL,
    channel text NOT NULL,
    account text NOT NULL,
    message_id text NOT NULL,
    person uuid NOT NULL,
    provider_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- A second guard for channels that hand one message over under several ids: sender, time and text, as a keyed hash.
    same bytea,
    sealed text,
    state text NOT NULL CHECK (state IN ('new', 'done', 'odd', 'gone')),
    reason text,
    attempts integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant, channel, account, message_id)
);
CREATE INDEX heard_new ON channels.heard (tenant, person, provider_at) WHERE state = 'new';
CREATE INDEX heard_by_person ON channels.heard (tenant, person);
CREATE UNIQUE INDEX heard_same ON channels.heard (tenant, channel, same) WHERE same IS NOT NULL;

-- What providers said of our letters: one row for each distinct word of theirs.
CREATE TABLE channels.reported (
    tenant text NOT NULL,
    channel text NOT NULL,
    account text NOT NULL,
    letter text NOT NULL,
    state text NOT NULL,
    part text NOT NULL DEFAULT '',
    provider_id text NOT NULL,
    key text NOT NULL,
    code text NOT NULL,
    at timestamptz NOT NULL,
    received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    handled_at timestamptz,
    PRIMARY KEY (tenant, channel, account, letter, state, part)
);
CREATE INDEX reported_open ON channels.reported (received_at) WHERE handled_at IS NULL;

CREATE TABLE channels.talks (
    tenant text NOT NULL,
    person uuid NOT NULL,
    channel text NOT NULL,
    account text NOT NULL,
    sealed text NOT NULL,
    wake_at timestamptz,
    PRIMARY KEY (tenant, person)
);
CREATE INDEX talks_asleep ON channels.talks (wake_at) WHERE wake_at IS NOT NULL;

-- What a step brought about and is still to be done: written with the step, so that a crash repeats nothing.
CREATE TABLE channels.outgoing (
    id uuid PRIMARY KEY,
    number bigint GENERATED ALWAYS AS IDENTITY,
    tenant text NOT NULL,
    person uuid NOT NULL,
    kind text NOT NULL,
    sealed text NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    done_at timestamptz
);
CREATE INDEX outgoing_open ON channels.outgoing (tenant, person, number) WHERE done_at IS NULL;

-- The complaints of persons, with what they were told about them.
CREATE TABLE channels.dossiers (
    tenant text NOT NULL,
    dossier uuid NOT NULL,
    person uuid NOT NULL,
    ticket text NOT NULL,
    sealed text NOT NULL,
    filed_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, dossier)
);
CREATE INDEX dossiers_by_person ON channels.dossiers (tenant, person, filed_at);

-- Files of messages, sealed, until their complaint has taken them.
CREATE TABLE channels.media (
    id uuid PRIMARY KEY,
    tenant text NOT NULL,
    person uuid NOT NULL,
    name text NOT NULL,
    sealed bytea NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX media_by_person ON channels.media (tenant, person);
