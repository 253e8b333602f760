-- Beginnings of answers as an administrator has edited them in the browser: each time all of a government's own, with who,
-- when and why. The latest counts; none is ever changed. Where there is none, the file counts.

CREATE TABLE identity.answer_words (
    tenant text NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    saved_at timestamptz NOT NULL,
    account text NOT NULL,
    why text NOT NULL,
    answers jsonb NOT NULL,
    PRIMARY KEY (tenant, version)
);

CREATE FUNCTION identity.refuse_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what answers were begun with is never changed';
END
$$;
CREATE TRIGGER answer_words_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON identity.answer_words
    FOR EACH STATEMENT EXECUTE FUNCTION identity.refuse_words();
