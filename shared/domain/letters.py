"""What letters are worded by: the names of their templates, and what a template may say.

A template is looked for as ``<audience>/<name>.txt``, first in the government's ``messages``, then in the common
folder.
"""

import re
from collections.abc import Mapping
from typing import Final, Literal

from shared.domain.dossier.event_name import EventName
from shared.domain.sop.vocabulary import ANSWER_KINDS, RETURN_WHYS, AnswerKind, ReturnWhy

COMMON: Final = "_messages"
FALLBACK: Final = "event"
PARTS: Final = "parts"
TALKS: Final[Mapping[Literal["id", "en"], str]] = {"id": "talk.id.yaml", "en": "talk.en.yaml"}
"""What is said in conversations lies in the same folders, by language."""

_BOTH: Final = frozenset(
    {
        *("government", "ticket", "filed_at", "at", "status", "agency", "category", "kecamatan", "portal", "link"),
        *("missing", "why", "leave_until"),
    }
)
VALUES: Final = {
    "reporter": _BOTH
    | {
        *("name", "title", "code", "reason", "text", "promised_at", "reply_until", "answered", "held_by", "held_since"),
        *("may_reply", "may_rate", "may_reopen", "by_mail", "leave_why", "to"),
    },
    "officer": _BOTH
    | {
        *("office", "desk", "activity", "due_at", "target", "holder", "holder_office", "failed_what", "failed_why"),
        *("failed_by", "failed_after", "by", "from_office"),
    },
}
"""What a template of each audience may ask for."""

_TELLS: Final = {"complaint_filed": "code", "code_renewed": "code", "data_answered": "text", "rejected": "reason"}
_TELLS_OF_KIND: Final = {"answered": "text", "returned": "reason"}

_INNER_CAPITAL: Final = re.compile(r"(?<!^)(?=[A-Z])")


def template_of(event: EventName, kind: AnswerKind | None, why: ReturnWhy | None) -> str:
    """The name of an event's own text, e.g. ``answered_final`` or ``returned_wrong_agency``."""
    name = _INNER_CAPITAL.sub("_", event).lower()
    detail = kind if event == "Answered" else why if event == "Returned" else None
    return f"{name}_{detail}" if detail else name


def template_names(events: frozenset[EventName]) -> frozenset[str]:
    """Every name by which a template is looked for.

    :param events: whatever may be told of.
    """
    found = {FALLBACK}
    for event in events:
        found |= {template_of(event, kind, None) for kind in ANSWER_KINDS}
        found |= {template_of(event, None, why) for why in RETURN_WHYS}
    return frozenset(found)


def must_say(audience: str, name: str) -> frozenset[str]:
    """What a letter tells or is of no use: which complaint it is about, and what its reader waits for.

    :param name: the template's, e.g. ``answered_final``.
    """
    if audience not in VALUES:
        return frozenset()
    told = _TELLS.get(name) or _TELLS_OF_KIND.get(name.partition("_")[0]) if audience == "reporter" else None
    return frozenset({"ticket", told} if told else {"ticket"})
