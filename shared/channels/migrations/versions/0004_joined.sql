-- Two who turned out to be one: the name that one of them had, which complaints and letters still bear, and whose it is.
CREATE TABLE channels.joined (
    tenant text NOT NULL,
    former uuid NOT NULL,
    person uuid NOT NULL,
    PRIMARY KEY (tenant, former)
);
CREATE INDEX joined_by_person ON channels.joined (tenant, person);
