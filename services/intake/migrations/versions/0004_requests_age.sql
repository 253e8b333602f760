-- Old keys of senders are looked for by their age, hour by hour.
CREATE INDEX requests_at ON intake.requests (at);
