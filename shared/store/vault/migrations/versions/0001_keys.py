"""The dossiers' keys, each wrapped by the master key."""

from shared.platform.migrations import sql

revision = "0001"
down_revision = None

upgrade = sql(
    """
    CREATE TABLE vault.keys (
        dossier uuid PRIMARY KEY,
        wrapped bytea NOT NULL,
        master_key_id text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now()
    );
    """
)
