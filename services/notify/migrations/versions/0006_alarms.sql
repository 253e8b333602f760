-- When an operator was last told that a channel's account takes nothing: once a day is enough.
CREATE TABLE notify.alarms (
    tenant text NOT NULL,
    channel text NOT NULL,
    account text NOT NULL,
    told_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, channel, account)
);
