-- By which of the government's own accounts an officer's account may be entered: an issuer with its name for somebody,
-- or an address that it has verified. Of an address the first name that comes with it counts from then on: addresses
-- are given to others one day, names are not.

CREATE TABLE identity.bindings (
    account uuid PRIMARY KEY REFERENCES identity.users (id),
    tenant text NOT NULL,
    issuer text NOT NULL,
    subject text,
    email text,
    bound_at timestamptz NOT NULL,
    CHECK (subject IS NOT NULL OR email IS NOT NULL)
);
CREATE UNIQUE INDEX bindings_by_subject ON identity.bindings (tenant, issuer, subject);
CREATE UNIQUE INDEX bindings_by_email ON identity.bindings (tenant, issuer, email);

ALTER TABLE identity.office_changes DROP CONSTRAINT office_changes_what_check;
ALTER TABLE identity.office_changes ADD CONSTRAINT office_changes_what_check
    CHECK (what IN ('contacts', 'reach', 'away', 'back', 'opened', 'shut', 'renewed', 'bound', 'unbound'));
