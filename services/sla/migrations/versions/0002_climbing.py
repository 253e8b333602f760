"""When a breach climbs further, and since when a shared standard runs."""

from shared.platform.migrations import sql

revision = "0002"
down_revision = "0001"

upgrade = sql(
    """
    ALTER TABLE sla.clocks ADD COLUMN escalate_at timestamptz, ADD COLUMN runs_from timestamptz;
    """
)
