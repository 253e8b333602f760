-- When a breach climbs further, and since when a shared standard runs.

ALTER TABLE sla.clocks ADD COLUMN escalate_at timestamptz, ADD COLUMN runs_from timestamptz;
