-- The dossiers' keys, each wrapped by the master key.

CREATE TABLE vault.keys (
    dossier uuid PRIMARY KEY,
    wrapped bytea NOT NULL,
    master_key_id text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
