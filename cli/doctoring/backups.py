"""Backups, as far as the database knows of any."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from typing import Any, Final

from cli.doctoring.line import Diagnosis, failed, warned, well
from cli.doctoring.place import Installed
from shared.platform.database.pool import Database

_ARCHIVED: Final = """
    SELECT current_setting('archive_mode') <> 'off', clock_timestamp(), last_archived_time,
           coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false), failed_count
      FROM pg_stat_archiver
"""
_OLD: Final = timedelta(hours=24)


def backup_lines(found: Installed) -> Iterator[Diagnosis]:
    """What PostgreSQL says of its archive. A dump that was made by hand leaves no trace in the database."""
    with closing(Database(found.settings.database_url, pool_size=1)) as own, own.autocommit() as cursor:
        cursor.execute(_ARCHIVED)
        [row] = cursor.fetchall()
        yield _archive(*row)


def _archive(archives: bool, now: Any, latest: Any, failing: bool, count: int) -> Diagnosis:
    check = "backups"
    if not archives:
        return warned(
            check,
            "the database archives nothing, and of copies made otherwise nothing is known here",
            "see that somebody copies it every day and has tried to restore it: aduan backup, or docs/backup.md",
        )
    if failing:
        return failed(check, f"archiving fails, {count} times so far", "see the server's log and archive_command")
    if latest is None:
        return warned(check, "archiving is on, and nothing was archived yet", "see archive_command and archive_timeout")
    said = f"the last piece of the log was archived at {latest:%Y-%m-%d %H:%M} UTC"
    if now - latest > _OLD:
        return warned(check, said, "set archive_timeout, so that a quiet day is archived too")
    return well(check, said)
