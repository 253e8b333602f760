"""How a room writes down one step."""

from collections.abc import Callable
from textwrap import dedent


def sql(text: str) -> Callable[[], None]:
    """An alembic ``upgrade`` that runs plain SQL.

    The text goes to the driver as it is, so colons and percent signs mean themselves.

    :param text: one or more statements.
    """

    def upgrade() -> None:
        from alembic import op  # noqa: PLC0415 - only there while a migration runs

        opened = op.get_bind().connection.cursor()
        try:
            opened.execute(dedent(text))
        finally:
            opened.close()

    return upgrade
