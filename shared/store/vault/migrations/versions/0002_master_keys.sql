-- Which master keys the vault's keys are wrapped by, and how to tell a right one.

-- The master keys by which keys may be wrapped. A key that is not here wraps nothing: whoever holds it would seal
-- what nobody else can read.
CREATE TABLE vault.masters (
    id text PRIMARY KEY,
    check_value bytea NOT NULL,  -- a known text, sealed by the master key
    since timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX keys_master ON vault.keys (master_key_id);

CREATE FUNCTION vault.only_by_known_masters() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM vault.masters WHERE id = NEW.master_key_id) THEN
        RAISE EXCEPTION 'the vault does not know master key %', NEW.master_key_id USING ERRCODE = 'AD003';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER only_by_known_masters BEFORE INSERT OR UPDATE OF master_key_id ON vault.keys
    FOR EACH ROW EXECUTE FUNCTION vault.only_by_known_masters();
