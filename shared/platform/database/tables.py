"""Tables as parts of statements."""

from psycopg2.sql import Identifier


def table_named(name: str) -> Identifier:
    """The table of that name, which says its schema: ``notify.messages``."""
    return Identifier(*name.split("."))
