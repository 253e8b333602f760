"""Recaps as they were drawn up at the end of their month. Not made from the log alone, hence no projection."""

from shared.platform.migrations import sql

revision = "0004"
down_revision = "0003"

upgrade = sql(
    """
    CREATE TABLE reporting.monthly (
        tenant text NOT NULL,
        month text NOT NULL,
        drawn_at timestamptz NOT NULL,
        recap jsonb NOT NULL,
        PRIMARY KEY (tenant, month)
    );
    """
)
