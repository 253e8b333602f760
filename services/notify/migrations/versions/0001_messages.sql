-- What may have to be told to somebody, and the messages that came of it.

-- The projection: one row per event, with all that decides who is told of it.
CREATE TABLE notify.notices (
    dossier uuid NOT NULL,
    version integer NOT NULL,
    tenant text NOT NULL,
    sop_version integer NOT NULL,
    event text NOT NULL,
    kind text,
    why text,
    step text,
    to_step text,
    status text NOT NULL,
    agency text,
    holder text,
    holder_agency text,
    desk text,
    desk_agency text,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (dossier, version)
);

-- Not a projection, and never rebuilt: no event tells what has left the house. How far each dossier's notices have
-- been turned into messages; before: the version before the latest batch.
CREATE TABLE notify.planned (
    dossier uuid PRIMARY KEY,
    version integer NOT NULL,
    before integer NOT NULL DEFAULT 0
) WITH (fillfactor = 70);

-- One row per message: to whom, of what, and what became of it. No address and no text: those are made from the
-- sealed dossier when the message is sent.
CREATE TABLE notify.messages (
    dossier uuid NOT NULL,
    version integer NOT NULL,
    recipient text NOT NULL,
    template text NOT NULL,
    tenant text NOT NULL,
    queued_at timestamptz NOT NULL,
    next_attempt_at timestamptz NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    outcome text CHECK (outcome IN ('sent', 'failed', 'dropped')),
    way text,
    reason text,
    done_at timestamptz,
    -- Nothing is left to do: what followed from the outcome has been recorded too.
    settled boolean NOT NULL DEFAULT false,
    -- Who is working on it right now, by the database's clock.
    lease uuid,
    leased_until timestamptz,
    PRIMARY KEY (dossier, version, recipient, template)
);
-- All that the sender looks at: it grows with what is to be sent, not with what was.
CREATE INDEX messages_open ON notify.messages (next_attempt_at) WHERE NOT settled;

-- How far each dossier has been applied. previous: the version before the latest batch, by which the statement
-- that locks the row can also tell from where to go on. Space is left so that updates stay on their page.
CREATE TABLE notify.applied (
    dossier uuid PRIMARY KEY,
    version integer NOT NULL,
    position bigint NOT NULL,
    previous integer NOT NULL DEFAULT 0
) WITH (fillfactor = 70);

-- One row: every event at or below this position is known to be applied, so that looking starts there.
CREATE TABLE notify.low_water (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    position bigint NOT NULL DEFAULT 0
);
INSERT INTO notify.low_water DEFAULT VALUES;
