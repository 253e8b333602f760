"""Keys that senders choose for what they file: each stands for one complaint, whatever makes that complaint's dossier.

Where a complaint has an id in its channel, its dossier follows from that id, and nothing in the log would show that the
key was used before. So such keys are written down, before anything is filed, and kept for as long as anybody repeats a
request.
"""

from datetime import timedelta
from typing import Final

from services.intake.drafts import Submission
from shared.application.requests import Mark, dossier_of
from shared.application.runtime import Runtime

KEPT: Final = timedelta(days=30)
"""As long as providers may repeat a message; by the machine's clock."""
_AT_ONCE: Final = 1000
_KEEP = "INSERT INTO intake.requests (key, tenant, content) VALUES (%s, %s, %s) ON CONFLICT (key) DO NOTHING"
_KEPT = "SELECT content FROM intake.requests WHERE key = %s"
_FORGET = """
    DELETE FROM intake.requests WHERE key IN
        (SELECT key FROM intake.requests WHERE at < clock_timestamp() - %s ORDER BY at LIMIT %s FOR UPDATE SKIP LOCKED)
"""
_FILED = "SELECT EXISTS (SELECT FROM intake.tickets WHERE dossier = %s)"


def check_key(runtime: Runtime, submission: Submission) -> None:
    """Refuse a key that was used for another complaint; one that is new is this complaint's from now on.

    :raises Invalid: ``key_reused``.
    """
    causation = submission.cause.causation_id
    mark, dossier = Mark.of(causation), dossier_of(causation)
    if mark is None:
        return
    has_id = bool(submission.complaint.get("external_id"))
    with runtime.database.autocommit() as cursor:
        if has_id:
            cursor.execute(_FILED, (str(dossier),))
            if cursor.fetchone() == (True,):  # without an id of its own, by this very key
                Mark(mark.key, "").is_repeated_by(mark)
            cursor.execute(_KEEP, (mark.key, submission.tenant, mark.content))
        cursor.execute(_KEPT, (mark.key,))
        for (content,) in cursor.fetchall():
            Mark(mark.key, content).is_repeated_by(mark)


def forget_old(runtime: Runtime) -> bool:
    """Forget keys that nobody repeats any more, some at a time; says whether there may be more."""
    with runtime.database.autocommit() as cursor:
        cursor.execute(_FORGET, (KEPT, _AT_ONCE))
        return bool(cursor.rowcount == _AT_ONCE)
