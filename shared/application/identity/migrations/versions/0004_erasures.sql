-- Erasures that one administrator asks for and another agrees to; a service then carries them out and says where.

CREATE TABLE identity.erasures (
    tenant text NOT NULL,
    ticket text NOT NULL,
    reason text NOT NULL,
    asked_by text NOT NULL,
    asked_at timestamptz NOT NULL,
    agreed_by text,
    agreed_at timestamptz,
    done_at timestamptz,
    -- Of the log.
    position bigint,
    PRIMARY KEY (tenant, ticket),
    CHECK (agreed_by IS DISTINCT FROM asked_by)
);
CREATE INDEX erasures_agreed ON identity.erasures (agreed_at) WHERE agreed_at IS NOT NULL AND done_at IS NULL;
