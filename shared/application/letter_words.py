"""Letters' texts as a government has them now: its files', until an administrator edits one of them in the browser.

Each edit is a version of its own with who, when and why; the latest counts, and none is ever changed. A version without
a text lets the file count again.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from psycopg2.errors import UniqueViolation

from shared.application.letter_texts import Edited
from shared.base.errors import Conflict
from shared.platform.database.pool import Database
from shared.platform.database.seldom import Seldom

_LOOK_SECONDS: Final = 1.0
"""How often it is asked whether a text was edited: as often as the files are."""
_VERSIONS: Final = """
    SELECT version, text, saved_at, account, why FROM identity.letter_words
     WHERE tenant = %s AND template = %s ORDER BY version DESC
"""
_LATEST: Final = """
    SELECT DISTINCT ON (template) template, version, text, saved_at, account, why FROM identity.letter_words
     WHERE tenant = %s ORDER BY template, version DESC
"""
_SAVE: Final = """
    INSERT INTO identity.letter_words (tenant, template, version, saved_at, account, why, text)
    SELECT %(tenant)s, %(template)s, latest.version + 1, %(at)s, %(account)s, %(why)s, %(text)s
      FROM (SELECT coalesce(max(version), 0) AS version FROM identity.letter_words
             WHERE tenant = %(tenant)s AND template = %(template)s) AS latest
     WHERE latest.version = %(since)s
"""


@dataclass(frozen=True)
class LetterWords:
    """A letter's text from one edit to the next.

    :param version: 1 for the first edit.
    :param text: none where the file counts again.
    """

    version: int
    text: str | None
    saved_at: datetime
    account: str
    why: str


def versions(database: Database, tenant: str, template: str) -> tuple[LetterWords, ...]:
    """All edits of a text, the latest first; none if it never was edited.

    :param template: e.g. ``reporter/closed.txt``.
    """
    with database.autocommit() as cursor:
        cursor.execute(_VERSIONS, (tenant, template))
        return tuple(LetterWords(*row) for row in cursor.fetchall())


def latest(database: Database, tenant: str) -> dict[str, LetterWords]:
    """The last edit of each text that ever was edited, by the template's name."""
    with database.autocommit() as cursor:
        cursor.execute(_LATEST, (tenant,))
        return {row[0]: LetterWords(*row[1:]) for row in cursor.fetchall()}


def texts_of(words: dict[str, LetterWords]) -> Edited:
    """What counts instead of the files."""
    return tuple((name, each.text) for name, each in sorted(words.items()) if each.text is not None)


def texts_counting(database: Database, tenant: str) -> dict[str, str]:
    """What counts instead of the files now, by the template's name."""
    return dict(texts_of(latest(database, tenant)))


def edited(database: Database, tenant: str) -> Edited:
    """What counts instead of the files, at most a second late: it is asked for each letter."""
    return _SEEN.of(database, tenant)


def save(
    database: Database,
    tenant: str,
    template: str,
    since: int,
    text: str | None,
    account: str,
    why: str,
    at: datetime,
) -> int:
    """Let a text count from now on.

    :param since: the version that was edited; 0 for the file's.
    :param text: none lets the file count again.
    :returns: the new version.
    :raises Conflict: ``words_changed`` if somebody else has edited it meanwhile.
    """
    row: dict[str, Any] = {"tenant": tenant, "template": template, "since": since, "text": text}
    saved = 0
    try:
        with database.autocommit() as cursor:
            cursor.execute(_SAVE, {**row, "at": at, "account": account, "why": why})
            saved = cursor.rowcount
    except UniqueViolation:  # two at once
        saved = 0
    if not saved:
        raise Conflict("words_changed")
    return since + 1


def _look(database: Database, tenant: str, seen: Edited | None) -> Edited:
    fresh = texts_of(latest(database.aside, tenant))
    return seen if seen is not None and fresh == seen else fresh  # the same is compared at once


_SEEN: Final = Seldom(_look, _LOOK_SECONDS)
