-- The categories that the governments' lists hold, for views that have no lists: what is none of them is told as other.

CREATE TABLE reporting.listed (
    tenant text NOT NULL,
    folded text NOT NULL,
    category text NOT NULL,
    PRIMARY KEY (tenant, folded)
);
