-- Keys that senders chose for complaints that have an id in their channel as well, which makes the dossier: the same key
-- with other content is refused all the same. Both are marks, made with a secret.
CREATE TABLE intake.requests (
    key text PRIMARY KEY,
    tenant text NOT NULL,
    content text NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp()
);
