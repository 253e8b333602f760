"""Tickets: which dossier a number stands for, and the numbers themselves."""

from shared.platform.migrations import sql
from shared.store.projection.applied import applied_table_sql

revision = "0001"
down_revision = None

upgrade = sql(
    """
    CREATE TABLE intake.tickets (
        dossier uuid PRIMARY KEY,
        tenant text NOT NULL,
        ticket text NOT NULL,
        channel text NOT NULL,
        filed_at timestamptz NOT NULL
    );
    CREATE UNIQUE INDEX tickets_by_number ON intake.tickets (tenant, ticket);

    -- Not a projection: numbers that were drawn, used or not.
    CREATE TABLE intake.ticket_numbers (
        tenant text NOT NULL,
        year integer NOT NULL,
        last integer NOT NULL,
        PRIMARY KEY (tenant, year)
    ) WITH (fillfactor = 50);
    """
    + applied_table_sql("intake")
)
