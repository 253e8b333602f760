-- What rebuilds have applied that no event may have been planned of yet: a stretch of the log each, from above the one
-- position to the other. Gone again when it has been looked through.

CREATE TABLE notify.remade (
    after bigint NOT NULL,
    position bigint NOT NULL,
    PRIMARY KEY (after, position)
);
-- Rebuilds before this step left no note.
INSERT INTO notify.remade SELECT 0, 9223372036854775807 WHERE EXISTS (SELECT FROM notify.applied);
