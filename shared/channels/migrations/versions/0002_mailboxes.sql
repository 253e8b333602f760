-- Up to where each mailbox was read: written after its mails are in the journal, so that a mail may come again and
-- none is left out.

CREATE TABLE channels.positions (
    tenant text NOT NULL,
    channel text NOT NULL,
    position text NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant, channel)
);
