-- Clocks under leave.

ALTER TABLE sla.clocks
    ADD COLUMN paused_until timestamptz,
    ADD COLUMN due_before timestamptz,
    ADD COLUMN missed_warn_at timestamptz;
