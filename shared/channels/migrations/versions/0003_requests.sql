-- The id of the request by which a message was delivered, and of the one that led to something to be done: so that what
-- follows from a message stands in the trace and the log lines of its delivery. What was fetched has none.

ALTER TABLE channels.heard ADD COLUMN request uuid;
ALTER TABLE channels.outgoing ADD COLUMN request uuid;
