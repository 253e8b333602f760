-- Persons who asked by a channel to be spared what answers nothing. They are forgotten with the person.
CREATE TABLE notify.spared (
    tenant text NOT NULL,
    person uuid NOT NULL,
    PRIMARY KEY (tenant, person)
);
