-- What was done to messages that were put aside: recorded before it is done.
CREATE TABLE identity.operations (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    done_at timestamptz NOT NULL,
    account text NOT NULL,
    deed text NOT NULL,
    place text NOT NULL,
    ids text[] NOT NULL,
    why text NOT NULL
);

CREATE FUNCTION identity.refuse_operations() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was done is never changed';
END
$$;
CREATE TRIGGER operations_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON identity.operations
    FOR EACH STATEMENT EXECUTE FUNCTION identity.refuse_operations();
