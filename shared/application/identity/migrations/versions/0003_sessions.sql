-- Officers' visits to the pages. A browser holds a random word; here is only its hash.

CREATE TABLE identity.sessions (
    word bytea PRIMARY KEY,
    account uuid NOT NULL REFERENCES identity.users (id) ON DELETE CASCADE,
    -- Of the account when it logged in: a new password or a shut account ends all visits of before.
    generation integer NOT NULL,
    began_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL
);
CREATE INDEX sessions_account ON identity.sessions (account);
CREATE INDEX sessions_seen ON identity.sessions (seen_at);
