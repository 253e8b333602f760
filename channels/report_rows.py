"""What providers said of letters."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from shared.platform.database.named import named_rows

_OF_REPORT: Final = ("tenant", "channel", "account", "letter", "state", "part")


DUE: Final = "EXISTS (SELECT FROM channels.reported WHERE handled_at IS NULL)"
"""Whether there is a report that nobody has heard."""


def open_reports(cursor: Any, limit: int) -> list[dict[str, Any]]:
    """What providers said of letters and nobody has heard yet: what was not tried for the longest time first."""
    cursor.execute(
        """
        SELECT tenant, channel, account, letter, state, part, provider_id, key, code, at,
               extract(epoch FROM clock_timestamp() - received_at)::float8 AS age, tried_at IS NULL AS new
          FROM channels.reported WHERE handled_at IS NULL ORDER BY coalesce(tried_at, received_at) LIMIT %s
        """,
        (limit,),
    )
    return named_rows(cursor)


def heard_reports(cursor: Any, reports: Sequence[Mapping[str, Any]]) -> None:
    """These reports have been handed on, or nobody knows their letters."""
    _mark(cursor, "handled_at", reports)


def tried_reports(cursor: Any, reports: Sequence[Mapping[str, Any]]) -> None:
    """Nobody knows the letters of these reports yet: the others go before they are tried again."""
    _mark(cursor, "tried_at", reports)


def _mark(cursor: Any, column: str, reports: Sequence[Mapping[str, Any]]) -> None:
    cursor.execute(
        f"""
        UPDATE channels.reported r SET {column} = clock_timestamp()
          FROM unnest({", ".join(["%s::text[]"] * len(_OF_REPORT))}) AS these ({", ".join(_OF_REPORT)})
         WHERE {" AND ".join(f"r.{name} = these.{name}" for name in _OF_REPORT)}
        """,  # noqa: S608 - names of ours
        [[report[name] for report in reports] for name in _OF_REPORT],
    )
