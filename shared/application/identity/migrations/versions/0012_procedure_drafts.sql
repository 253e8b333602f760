-- New versions of a procedure, sent in the browser: a draft with who, when and why, and what another administrator
-- decided on it. What was approved is the procedure of complaints filed from `counts_from` on; dossiers name the version
-- they were filed under, so that neither a draft nor a decision is ever changed.

CREATE TABLE identity.procedure_drafts (
    tenant text NOT NULL,
    number integer NOT NULL CHECK (number > 0),
    drafted_at timestamptz NOT NULL,
    account text NOT NULL,
    why text NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    text text NOT NULL,
    PRIMARY KEY (tenant, number)
);
COMMENT ON COLUMN identity.procedure_drafts.text IS 'As sop.yaml has it.';

CREATE TABLE identity.procedure_decisions (
    tenant text NOT NULL,
    number integer NOT NULL,
    decided_at timestamptz NOT NULL,
    account text NOT NULL,
    why text NOT NULL,
    counts_from timestamptz,
    PRIMARY KEY (tenant, number),
    FOREIGN KEY (tenant, number) REFERENCES identity.procedure_drafts (tenant, number)
);
COMMENT ON COLUMN identity.procedure_decisions.counts_from IS 'None where the draft was refused or taken back.';

CREATE FUNCTION identity.refuse_procedure() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a procedure under which complaints are filed is never changed';
END
$$;
CREATE TRIGGER procedure_drafts_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON identity.procedure_drafts
    FOR EACH STATEMENT EXECUTE FUNCTION identity.refuse_procedure();
CREATE TRIGGER procedure_decisions_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON identity.procedure_decisions
    FOR EACH STATEMENT EXECUTE FUNCTION identity.refuse_procedure();
