"""What a message means by its words alone: keywords, greetings, numbers of choices, tickets."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from shared.base.whole_numbers import in_our_digits, whole_number
from shared.channels.talk import vocabulary
from shared.domain.complaint.spelling import ticket_of

_MOST_CHOICES: Final = 99
_WORD: Final = re.compile(r"\w+")
_OPENING: Final = re.compile(r"^[\s*#]*(?:lapor|aduan|pengaduan|complaint)\b[\s:;!.,#*/-]*", re.IGNORECASE)
_TICKET: Final = re.compile(r"[#]?[A-Za-z]{2,8}[-\s./]*(?:19|2[0-9])[0-9]{2}[-\s./]*[0-9]{1,12}\b")
_EMERGENCY: Final = re.compile(
    r"\b(?:kebakaran|terbakar|banjir|darurat|bunuh diri|kekerasan|kdrt|dibacok|tenggelam|kecelakaan"
    r"|emergency|on fire|flood(?:ed|ing)?|suicide|drowning)\b",
    re.IGNORECASE,
)
_BETWEEN: Final = re.compile(r"[\s,.:;/-]+")
_KEYCAP: Final = "\ufe0f\u20e3"
"""What makes a digit the picture of its key."""
_OF_FIVE: Final = re.compile(r"\s*/\s*5\Z")
_MOST_BESIDE: Final = 2000
_ENUMERATED: Final = re.compile(r"^\s*[0-9]+\s*[.)]", re.MULTILINE)


def mark(text: str) -> tuple[int, str] | None:
    """A mark from 1 to 5 with what is said beside it, if a text is one; not what begins with a number or a list."""
    # By hand: a pattern of blanks and words that has to end at the end takes minutes over a thousand blanks.
    said = text.strip()
    score, rest = in_our_digits(said[:1]), said[1:].lstrip(_KEYCAP)
    if score not in tuple("12345"):
        return None
    if _OF_FIVE.match(in_our_digits(rest)):
        return int(score), ""
    between = _BETWEEN.match(rest)
    if rest and between is None:
        return None
    beside = rest[between.end() :] if between else ""
    if len(beside) > _MOST_BESIDE:
        return None
    first = words_of(beside).partition(" ")[0]
    counts = first in vocabulary.COUNTED or first[:1].isdigit() or _ENUMERATED.search(in_our_digits(beside)) is not None
    return None if counts else (int(score), beside)


def words_of(text: str) -> str:
    """A text's words in small letters, one blank between them: punctuation and signs are nothing."""
    return " ".join(_WORD.findall(unicodedata.normalize("NFKC", text).casefold()))


def keyword(text: str) -> str:
    """What a text asks for as a whole: ``status``, ``withdraw``, ``help``, ``cancel``, ``skip``, ``done``, ``change``,
    ``person``, ``quiet``, ``unquiet``, ``english``, ``indonesian``; or blank.

    Of those that name a ticket only the first word counts.
    """
    words = words_of(text)
    left = _without_courtesy(words)
    if found := vocabulary.KEYWORDS.get(words) or vocabulary.KEYWORDS.get(" ".join(left)):
        return found
    found = vocabulary.KEYWORDS.get(" ".join(word for word in left if word not in vocabulary.OWN))
    if found in vocabulary.OF_COMPLAINTS:
        return found
    first, _, rest = words.partition(" ")
    names_one = any(sign.isdigit() for sign in rest) and len(rest) <= 40
    return vocabulary.KEYWORDS[first] if first in vocabulary.WITH_TICKET and names_one else ""


def says_yes(text: str) -> bool:
    """Whether a text agrees."""
    words = _without_courtesy(words_of(text))
    return bool(words) and set(words) <= vocabulary.YES


def says_no(text: str) -> bool:
    """Whether a text declines; "saya tidak mau" does as "tidak mau"."""
    return " ".join(word for word in _without_courtesy(words_of(text)) if word != "saya") in vocabulary.NO


def _without_courtesy(words: str) -> list[str]:
    """The words that mean something; a "ya" at the end asks for nothing but friendliness."""
    left = [word for word in words.split() if word not in vocabulary.COURTESY]
    return left[:-1] if len(left) > 1 and left[-1] == "ya" else left


def offered(text: str, ids: Sequence[str]) -> str | None:
    """Which of the choices that are open a text names by its title; a button is not seen by everybody."""
    words = words_of(text)
    meant = vocabulary.OFFERED.get(words) or vocabulary.OFFERED.get(" ".join(_without_courtesy(words)))
    if meant is None:
        return None
    return next((id_ for id_ in ids if id_ == meant or (meant.endswith(":") and id_.startswith(meant))), None)


def is_thanks(text: str) -> bool:
    """Whether a text thanks or nods, and says nothing else."""
    words = set(words_of(text).split())
    return (
        bool(words & vocabulary.THANKS) and words <= vocabulary.THANKS | vocabulary.BESIDE_THANKS | vocabulary.GREETINGS
    )


def is_assent(text: str) -> bool:
    """Whether a text that nods says yes, or when: "baik malam". Where something is asked, that answers it."""
    words = set(words_of(text).split())
    says_when = bool(words & vocabulary.TIMES_OF_DAY) and not words & vocabulary.WITH_TIMES_OF_DAY
    return is_thanks(text) and ("ya" in words or says_when)


def is_wordless(text: str) -> bool:
    """Whether a text consists of signs alone: a thumb, folded hands, question marks."""
    return bool(text.strip()) and not words_of(text)


def only_greets(text: str) -> bool:
    """Whether a text greets and says nothing else: what begins so goes on in the next message."""
    words = set(words_of(text).split())
    return bool(words - vocabulary.TIMES_OF_DAY) and words <= vocabulary.GREETINGS


def is_greeting(text: str) -> bool:
    """Whether a text only greets, or says too little to be a complaint: fewer than three words."""
    words = words_of(text).split()
    return len(words) < 3 or all(word in vocabulary.GREETINGS for word in words)


def is_salam(text: str) -> bool:
    """Whether a text greets as one greets who answers with peace."""
    return words_of(text).startswith(("assalam", "asalam", "ass wr"))


def opened(text: str) -> str:
    """A text without the word by which an SMS says that it is a complaint."""
    return _OPENING.sub("", text, count=1).strip()


def only_announces(text: str) -> bool:
    """Whether a text says that somebody has a complaint, and not which: "saya mau lapor"."""
    words = set(words_of(text).split()) - vocabulary.GREETINGS - vocabulary.COURTESY
    return bool(words & vocabulary.COMPLAINING) and words <= vocabulary.COMPLAINING | vocabulary.ANNOUNCING


def only_means_own(text: str) -> bool:
    """Whether a text says nothing but whose complaints it is about: "laporan saya"."""
    words = set(_without_courtesy(words_of(text)))
    return bool(words & vocabulary.MINE) and bool(words - vocabulary.MINE) and words <= vocabulary.OWN


def is_opening(text: str) -> bool:
    """Whether a text says that it is a complaint."""
    return _OPENING.match(text) is not None


def tickets_in(text: str, prefixes: Sequence[str]) -> list[str]:
    """The tickets of a government that stand in a text."""
    found = [ticket_of(each.group(), prefixes) for each in _TICKET.finditer(text)]
    return list(dict.fromkeys(each for each in found if "-" in each))


def only_names(text: str, prefixes: Sequence[str]) -> bool:
    """Whether a ticket stands in a text, and nothing that says more than that it is one."""
    rest = _without_courtesy(words_of(_TICKET.sub(" ", text)))
    return bool(tickets_in(text, prefixes)) and set(rest) <= vocabulary.BEFORE_A_TICKET


def number(text: str) -> int | None:
    """The number of a choice, if a text is nothing else."""
    return whole_number(in_our_digits(words_of(text)), _MOST_CHOICES)


def is_emergency(text: str) -> bool:
    """Whether somebody may need help at once."""
    return _EMERGENCY.search(text) is not None
