-- Citizens' accounts. What somebody gave is sealed with a key of the account's own, in the vault; a telephone number or an
-- address is found by its keyed hash. Times are the machine's, as those of officers' accounts.

CREATE TABLE citizens.accounts (
    id uuid PRIMARY KEY,
    tenant text NOT NULL,
    sealed text NOT NULL,
    -- Raised when all visits are ended.
    generation integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    -- When a desk has compared the identity with its document; none after the identity was changed.
    verified_at timestamptz,
    verified_by text
);

CREATE TABLE citizens.contacts (
    tenant text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('phone', 'email')),
    hash bytea NOT NULL,
    -- Of the key that the hash was made with: under another master key they are made anew.
    key_id text NOT NULL,
    account uuid NOT NULL REFERENCES citizens.accounts (id) ON DELETE CASCADE,
    PRIMARY KEY (tenant, kind, hash)
);
CREATE INDEX contacts_account ON citizens.contacts (account);
CREATE INDEX contacts_key ON citizens.contacts (key_id);

-- Codes that were asked for, and the letters that bring them. Neither code nor contact stands here in clear.
CREATE TABLE citizens.codes (
    id uuid PRIMARY KEY,
    tenant text NOT NULL,
    -- The contact's hash: so many codes a day for one.
    about bytea NOT NULL,
    code bytea NOT NULL,
    tries integer NOT NULL DEFAULT 0,
    used boolean NOT NULL DEFAULT false,
    asked_at timestamptz NOT NULL,
    until timestamptz NOT NULL,
    -- Sealed; blank once it has run out.
    contact text NOT NULL,
    -- What is to be sent; blank once that is done with.
    letter text NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL
);
CREATE INDEX codes_letters ON citizens.codes (next_attempt_at) WHERE letter <> '';
CREATE INDEX codes_until ON citizens.codes (until) WHERE contact <> '';
CREATE INDEX codes_about ON citizens.codes (about, asked_at);
CREATE INDEX codes_asked ON citizens.codes (asked_at);

CREATE TABLE citizens.sessions (
    word bytea PRIMARY KEY,
    account uuid NOT NULL REFERENCES citizens.accounts (id) ON DELETE CASCADE,
    generation integer NOT NULL,
    began_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL
);
CREATE INDEX sessions_account ON citizens.sessions (account);
CREATE INDEX sessions_seen ON citizens.sessions (seen_at);

-- An account's complaints: ticket and tracking code, sealed. No dossier is named in clear.
CREATE TABLE citizens.complaints (
    account uuid NOT NULL REFERENCES citizens.accounts (id) ON DELETE CASCADE,
    -- A hash of the ticket under the account's own key: the same complaint stands here once.
    mark bytea NOT NULL,
    -- A hash of the ticket under the installation's key, only where it was filed with a verified identity.
    verified bytea,
    sealed text NOT NULL,
    linked_at timestamptz NOT NULL,
    PRIMARY KEY (account, mark)
);
CREATE INDEX complaints_verified ON citizens.complaints (verified) WHERE verified IS NOT NULL;

-- A number that a citizen tells at a desk, so that the desk finds the identity that it is to compare.
CREATE TABLE citizens.desk_numbers (
    account uuid PRIMARY KEY REFERENCES citizens.accounts (id) ON DELETE CASCADE,
    tenant text NOT NULL,
    hash bytea NOT NULL,
    until timestamptz NOT NULL
);
CREATE UNIQUE INDEX desk_numbers_hash ON citizens.desk_numbers (tenant, hash);
