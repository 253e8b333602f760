"""Beginnings of answers as a government has them now: its file's, until an administrator edits them in the browser.

Each edit is a version of its own with who, when and why; the latest counts, and none is ever changed. What was once to
be completed is still looked for in answers after its template was edited: somebody may have begun with it before.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from psycopg2.errors import UniqueViolation

from shared.base.errors import Conflict
from shared.domain.answer_templates import ANSWERS, AnswerTemplate, load_answers
from shared.domain.tenants import Tenant
from shared.platform.database.pool import Database

_COLUMNS: Final = "version, saved_at, account, why, answers"
_VERSIONS: Final = f"""
    SELECT {_COLUMNS} FROM identity.answer_words WHERE tenant = %s ORDER BY version DESC LIMIT %s
"""  # noqa: S608 - constants of ours
_SAVE: Final = """
    INSERT INTO identity.answer_words (tenant, version, saved_at, account, why, answers)
    SELECT %(tenant)s, latest.version + 1, %(at)s, %(account)s, %(why)s, %(answers)s
      FROM (SELECT coalesce(max(version), 0) AS version FROM identity.answer_words WHERE tenant = %(tenant)s) AS latest
     WHERE latest.version = %(since)s
"""


@dataclass(frozen=True)
class AnswerWords:
    """A government's own beginnings of answers from one edit to the next.

    :param version: 0 for the file's.
    :param saved_at: with ``account`` and ``why`` none for the file's.
    """

    version: int
    answers: tuple[AnswerTemplate, ...]
    saved_at: datetime | None = None
    account: str | None = None
    why: str | None = None


def versions(database: Database, home: Tenant) -> tuple[AnswerWords, ...]:
    """All there were, the latest first; the file's is the last.

    :raises FileError: if the file cannot be read.
    """
    return (*_saved(database, home), _of_file(home))


def templates(database: Database, home: Tenant) -> tuple[AnswerTemplate, ...]:
    """Those that count now: its own, and those that all share.

    :raises FileError: if the file counts, and cannot be read.
    """
    latest = next(iter(_saved(database, home, limit=1)), None) or _of_file(home)
    return home.answers_beside(latest.answers)


def every_template(database: Database, home: Tenant) -> tuple[AnswerTemplate, ...]:
    """Those that an answer may have been begun with, whenever."""
    own = tuple(each for words in versions(database, home) for each in words.answers)
    return (*own, *home.answers_beside(()))


def save(
    database: Database,
    home: Tenant,
    since: int,
    answers: Sequence[AnswerTemplate],
    account: str,
    why: str,
    at: datetime,
) -> int:
    """Let these count from now on.

    :param since: the version that was edited.
    :returns: the new one.
    :raises Conflict: ``words_changed`` if somebody else has edited it meanwhile.
    """
    written = json.dumps([asdict(each) for each in answers], ensure_ascii=False)
    row = {"tenant": home.id, "since": since, "at": at, "account": account, "why": why, "answers": written}
    try:
        with database.autocommit() as cursor:
            cursor.execute(_SAVE, row)
            saved: int = cursor.rowcount
    except UniqueViolation:  # two at once
        saved = 0
    if not saved:
        raise Conflict("words_changed")
    return since + 1


def _saved(database: Database, home: Tenant, limit: int | None = None) -> list[AnswerWords]:
    """Those that were saved, the latest first: at most so many of them."""
    with database.autocommit() as cursor:
        cursor.execute(_VERSIONS, (home.id, limit))
        return [_words(row) for row in cursor.fetchall()]


def _of_file(home: Tenant) -> AnswerWords:
    return AnswerWords(0, load_answers(home.directory / ANSWERS, (agency.id for agency in home.agencies)))


def _words(row: Sequence[Any]) -> AnswerWords:
    version, saved_at, account, why, answers = row
    own = tuple(AnswerTemplate(**{**each, "agencies": tuple(each["agencies"])}) for each in answers)
    return AnswerWords(version, own, saved_at, account, why)
