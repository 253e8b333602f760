-- Letters and replies that go out by channels: what was handed to which carrier, and what its provider said of it.

-- One row for each time that a letter was handed to a carrier of a channel: the ways of a letter are tried in turn.
CREATE TABLE notify.carried (
    key uuid PRIMARY KEY,
    dossier uuid NOT NULL,
    version integer NOT NULL,
    recipient text NOT NULL,
    template text NOT NULL,
    tenant text NOT NULL,
    channel text NOT NULL,
    account text NOT NULL,
    provider_id text,
    state text NOT NULL CHECK (state IN ('unknown', 'accepted', 'sent', 'failed', 'delivered', 'read')),
    parts smallint NOT NULL DEFAULT 1,
    arrived text[] NOT NULL DEFAULT '{}',
    code text,
    handed_at timestamptz NOT NULL,
    state_at timestamptz NOT NULL
);
CREATE INDEX carried_by_message ON notify.carried (dossier, version, recipient, template);
CREATE INDEX carried_by_provider ON notify.carried (channel, lower(provider_id)) WHERE provider_id IS NOT NULL;

-- Replies within a conversation: no event of a dossier stands behind them. Sealed with the person's key.
CREATE TABLE notify.talks (
    key uuid PRIMARY KEY,
    number bigint GENERATED ALWAYS AS IDENTITY,
    tenant text NOT NULL,
    person uuid NOT NULL,
    channel text NOT NULL,
    account text NOT NULL,
    sealed text NOT NULL,
    about text,
    provider_id text,
    state text NOT NULL DEFAULT 'planned'
        CHECK (state IN ('planned', 'unknown', 'accepted', 'sent', 'failed', 'delivered', 'read')),
    parts smallint NOT NULL DEFAULT 1,
    arrived text[] NOT NULL DEFAULT '{}',
    code text,
    attempts integer NOT NULL DEFAULT 0,
    queued_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    next_attempt_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    state_at timestamptz
);
CREATE INDEX talks_open ON notify.talks (next_attempt_at) WHERE state IN ('planned', 'unknown');
CREATE INDEX talks_of_person ON notify.talks (tenant, person, number) WHERE state IN ('planned', 'unknown');
CREATE INDEX talks_by_provider ON notify.talks (channel, lower(provider_id)) WHERE provider_id IS NOT NULL;

-- When a person last wrote to an account: for a day from then free words may be sent.
CREATE TABLE notify.reach (
    tenant text NOT NULL,
    person uuid NOT NULL,
    channel text NOT NULL,
    account text NOT NULL,
    sealed text NOT NULL,
    last_heard_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, person, channel)
);
