-- What consumers must remember when their process ends: messages that may be what ends it.

-- A message that has come back several times, while it is being tried. Who finishes with it takes its row away; a
-- row that stays was left by a process that did not.
CREATE TABLE messaging.attempts (
    queue   text        NOT NULL,
    message text        NOT NULL,  -- a digest: nothing of what it holds
    tried   integer     NOT NULL DEFAULT 1,
    latest  timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (queue, message)
);

-- What the consumer of a queue of the in-memory broker has in hand: that broker forgets it with the process.
CREATE TABLE messaging.in_hand (
    queue    text   PRIMARY KEY,
    messages text[] NOT NULL
);
