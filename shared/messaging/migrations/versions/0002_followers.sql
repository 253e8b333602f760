-- How far each service has followed the log: everything at or below the position is done with, or lies in its queue.
-- It may be set back; what is met again does no harm.
CREATE TABLE messaging.followers (
    service  text    PRIMARY KEY,
    position bigint  NOT NULL,
    begun    bigint  NOT NULL DEFAULT -1,  -- from which position a process began the last time
    tries    integer NOT NULL DEFAULT 0    -- how often processes have begun there without getting any further
);
