-- How many complaints of each month, agency, category and sub-district everybody may read a summary of: the public page tells
-- such figures each time, and counting every published complaint for that takes the longer the more there are.

CREATE TABLE reporting.month_public (
    tenant text NOT NULL,
    month text NOT NULL,
    agency text NOT NULL,
    category text NOT NULL,
    kecamatan text NOT NULL,
    published bigint NOT NULL,
    PRIMARY KEY (tenant, month, agency, category, kecamatan)
) WITH (fillfactor = 70);

INSERT INTO reporting.outdated SELECT now() WHERE EXISTS (SELECT FROM reporting.applied) ON CONFLICT DO NOTHING;
