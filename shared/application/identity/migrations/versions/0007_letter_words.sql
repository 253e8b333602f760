-- Letters' texts as an administrator has edited them in the browser: each edit of one of them a version, with who, when
-- and why. The latest counts; none is ever changed. Where there is none, or its text is null, the file counts.

CREATE TABLE identity.letter_words (
    tenant text NOT NULL,
    template text NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    saved_at timestamptz NOT NULL,
    account text NOT NULL,
    why text NOT NULL,
    text text,
    PRIMARY KEY (tenant, template, version)
);

CREATE FUNCTION identity.refuse_letter_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what letters were worded by is never changed';
END
$$;
CREATE TRIGGER letter_words_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON identity.letter_words
    FOR EACH STATEMENT EXECUTE FUNCTION identity.refuse_letter_words();
