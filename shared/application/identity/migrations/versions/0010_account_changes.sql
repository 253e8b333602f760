-- Of an account it is kept as well who opened or shut it, or gave it a new password, and why if that was said.

ALTER TABLE identity.office_changes DROP CONSTRAINT office_changes_what_check;
ALTER TABLE identity.office_changes ADD CONSTRAINT office_changes_what_check
    CHECK (what IN ('contacts', 'reach', 'away', 'back', 'opened', 'shut', 'renewed'));
