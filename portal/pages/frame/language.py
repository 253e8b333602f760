"""Two languages: Indonesian is what the templates say, English is read from ``en.po``."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, wraps
from pathlib import Path
from typing import Final, TypeVar

from babel.messages.pofile import read_po
from flask import Response, request

from portal.pages.frame.present import kept
from shared.wording.catalogue import LANGUAGES

COOKIE: Final = "bahasa"
CHOICE: Final = "bahasa"
"""The parameter of an address that chooses a language."""

ENGLISH: Final = Path(__file__).parents[2] / "translations" / "en.po"
_YEAR: Final = 365 * 86_400

Plural = tuple[str, ...]
Words = Mapping[str, str]
"""What people read, by the name that programs use."""
Table = TypeVar("Table")


@dataclass(frozen=True)
class Translation:
    """English by Indonesian."""

    one: Mapping[str, str]
    many: Mapping[str, Plural]


@cache
def english() -> Translation:
    """The English sentences, read once per process.

    :raises OSError: if the file is gone.
    """
    with ENGLISH.open("rb") as file:
        catalog = read_po(file, locale="en")
    one: dict[str, str] = {}
    many: dict[str, Plural] = {}
    for message in catalog:
        if isinstance(message.id, tuple | list) and message.id:
            many[message.id[0]] = tuple(message.string or ())
        elif message.id and message.string and not message.fuzzy:
            one[str(message.id)] = str(message.string)
    return Translation(one, many)


def language() -> str:
    """The language of this page: the one just chosen, the one chosen before, the browser's, else Indonesian."""
    here = kept()
    try:
        found: str = here.language
    except AttributeError:
        asked = (request.args.get(CHOICE), request.cookies.get(COOKIE))
        chosen = next((each for each in asked if each in LANGUAGES), None)
        here.language = found = chosen or request.accept_languages.best_match(LANGUAGES, default=LANGUAGES[0])
    return found


def once_in_each_language(words: Callable[[], Table]) -> Callable[[], Table]:
    """For a table of words: it is put together once in each language, and not for every row of a page."""

    @cache
    def spoken(_language: str) -> Table:
        return words()

    @wraps(words)
    def told() -> Table:
        return spoken(language())

    return told


def keep_choice(response: Response) -> Response:
    """Remember a language that was just chosen. What a page or its worker fetches by itself chooses nothing."""
    by_hand = request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate" and response.mimetype == "text/html"
    if by_hand and request.args.get(CHOICE) in LANGUAGES:
        response.set_cookie(COOKIE, language(), max_age=_YEAR, samesite="Lax", secure=request.is_secure, httponly=True)
    response.headers["Content-Language"] = language()
    response.vary.add("Accept-Language")
    response.vary.add("Cookie")
    return response


def gettext(sentence: str, /, **values: object) -> str:
    """A sentence in the language of this page, with its values."""
    return gettext_in(language(), sentence, **values)


def gettext_in(spoken: str, sentence: str, /, **values: object) -> str:
    """The same in a language that is named."""
    told = sentence if spoken == LANGUAGES[0] else english().one.get(sentence, sentence)
    return told % values if values else told


def plain_gettext(sentence: str) -> str:
    """As templates ask for it: they put the values in themselves, escaped."""
    return gettext(sentence)


def plain_ngettext(one: str, many: str, number: int) -> str:
    """Indonesian has no plural; English has its own two."""
    if language() == LANGUAGES[0]:
        return one
    return english().many.get(one, (one, many))[0 if number == 1 else -1]
