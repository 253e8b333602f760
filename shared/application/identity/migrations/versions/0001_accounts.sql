-- Accounts, and how often logging in was tried.

CREATE TABLE identity.users (
    id uuid PRIMARY KEY,
    tenant text NOT NULL,
    username text NOT NULL,
    password_hash text NOT NULL,
    actor text NOT NULL,
    agency text,
    admin boolean NOT NULL DEFAULT false,
    disabled boolean NOT NULL DEFAULT false,
    -- Raised when the password changes or the account is disabled: tokens of a lower one are dead.
    generation integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    UNIQUE (tenant, username)
);

CREATE TABLE identity.attempts (
    key bytea PRIMARY KEY,
    attempts integer NOT NULL,
    since timestamptz NOT NULL
);
CREATE INDEX attempts_since ON identity.attempts (since);
