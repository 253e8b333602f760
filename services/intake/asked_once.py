"""Keys that senders choose for what they file: each stands for one complaint, whatever makes that complaint's dossier.

Where a complaint has an id in its channel, its dossier follows from that id, and nothing in the log would show that the
key was used before. So such keys are written down, before anything is filed.
"""

from services.intake.drafts import Submission
from shared.application.requests import Mark, dossier_of
from shared.application.runtime import Runtime

_KEEP = "INSERT INTO intake.requests (key, tenant, content) VALUES (%s, %s, %s) ON CONFLICT (key) DO NOTHING"
_KEPT = "SELECT content FROM intake.requests WHERE key = %s"
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
