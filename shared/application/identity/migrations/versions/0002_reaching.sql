-- How officers are reached, and who stands in for them while they are away.

ALTER TABLE identity.users ADD COLUMN email text, ADD COLUMN phone text;

CREATE TABLE identity.absences (
    account uuid NOT NULL REFERENCES identity.users (id),
    -- Both days are days of absence, in the government's own zone.
    first_day date NOT NULL,
    last_day date NOT NULL CHECK (last_day >= first_day),
    deputy uuid REFERENCES identity.users (id),
    PRIMARY KEY (account, first_day)
);
