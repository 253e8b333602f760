"""What a field takes as an answer, and as what it is kept."""

import re
from typing import Final

from rapidfuzz import fuzz, process, utils

from shared.base.names import canonical
from shared.channels.numbers import persons_number
from shared.channels.talk.hearing import says_no, says_yes
from shared.channels.talk.world import World
from shared.domain.complaint.identity import identity_oddity, plain_identity

ASKED: Final = (
    "reporter.name",
    "reporter.address",
    "reporter.phone",
    "reporter.identity",
    "title",
    "category",
    "location",
    "attachments",
)
"""The fields that a conversation can ask for, in the order in which it does."""

_LETTER: Final = re.compile(r"[^\W\d_]")
_LINK: Final = re.compile(r"https?://|www\.", re.IGNORECASE)
_CALLED: Final = re.compile(r"^(?:nama(?: lengkap)?(?: saya)?(?: adalah)?|saya|my name is)\b[\s:]+", re.IGNORECASE)
_LIKELY: Final = 85
_STORY: Final = 80
"""Characters beyond which an answer to a name is rather a part of the complaint."""


class Unfit(Exception):
    """An answer that does not fit. The text is the key of what is said to it."""


def answered(field: str, text: str, world: World) -> str:
    """An answer as it is kept.

    :raises Unfit: if it is none.
    """
    given = " ".join(text.split())
    match field:
        case "reporter.name" | "reporter.address" | "title" | "location" if says_no(given):
            raise Unfit(f"unfit_{field.rpartition('.')[2]}")
        case "reporter.name":
            return _name(given)
        case "reporter.address":
            return _between(given, 5, 500, "unfit_address")
        case "reporter.phone":
            return _number(given)
        case "reporter.identity":
            return _identity(given)
        case "title" if says_yes(given):
            raise Unfit("unfit_title")
        case "title":
            return _between(given, 3, 200, "unfit_title")
        case "category":
            return _category(given, world)
        case "location":
            return _between(given, 3, 300, "unfit_location")
    raise Unfit("unfit")


def is_story(field: str, text: str) -> bool:
    """Whether an answer looks like more of the complaint, and not like what was asked."""
    return field in ("reporter.name", "title") and len(text) > (_STORY if field == "reporter.name" else 200)


def proposed_title(text: str) -> str:
    """A title from a complaint's first sentence, of at most sixty characters."""
    first = re.split(r"(?<=[.!?])\s|\n", text.strip(), maxsplit=1)[0].strip().rstrip(".!?")
    if len(first) <= 60:
        return first
    cut = first[:60]
    return cut[: cut.rfind(" ")] if " " in cut else cut


def _name(given: str) -> str:
    given = _CALLED.sub("", given, count=1)
    letters = len(_LETTER.findall(given))
    if not 2 <= len(given) <= 100 or letters < 2 or _LINK.search(given) or sum(map(str.isdigit, given)) > 2:
        raise Unfit("unfit_name")
    if says_yes(given):  # to which question nobody knows
        raise Unfit("unfit_name")
    return given


def _between(given: str, least: int, most: int, unfit: str) -> str:
    if not least <= len(given) <= most:
        raise Unfit(unfit)
    return given


def _number(given: str) -> str:
    number = persons_number(given)
    if number is None:
        raise Unfit("unfit_phone")
    return number


def _identity(given: str) -> str:
    if oddity := identity_oddity(given):
        raise Unfit(f"unfit_identity_{oddity}")
    return plain_identity(given)


def _category(given: str, world: World) -> str:
    wanted = canonical(given)
    for each in world.categories:
        if canonical(each) == wanted:
            return each
    found = process.extractOne(
        given, world.categories, scorer=fuzz.ratio, processor=utils.default_process, score_cutoff=_LIKELY
    )
    if found is None:
        raise Unfit("unfit_category")
    return str(found[0])
