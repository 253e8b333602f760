"""Names that people write, compared as people mean them: KESEHATAN, Kesehatan and "kesehatan " are one."""

import unicodedata
from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Final, TypeVar

Word = TypeVar("Word", bound=str)

LONGEST: Final = 1_000
"""Characters. No list holds a longer name, and to bring a megabyte into the form in which names are compared takes
seconds, in which nobody else is served."""


def canonical(name: str) -> str:
    """The form in which two spellings of one name are equal; for comparing, never for showing.

    Capital letters, blanks around and between words, invisible characters (zero-width blanks, marks of direction) and
    Unicode's look-alikes (full-width letters, no-break blanks, ligatures) make no difference. To make the form of a
    canonical name changes nothing.

    :param name: a name of a category, a place, an office ..., as somebody wrote it.
    """
    if name.isascii():  # most are: nothing of what follows changes those
        return " ".join(name.lower().split())
    # To fold letters can undo the normal form (and to normalise can bring letters to fold), so until nothing changes.
    before, text = None, name
    while before != text:
        before, text = text, _once(text)
    return text


def entry_form(name: str | None) -> str:
    """The form under which a name is looked up in a list; blank, which no entry has, for what can be in none."""
    return canonical(name) if name and len(name) <= LONGEST else ""


def spelled(name: str | None, known: Iterable[str]) -> str | None:
    """A name in the spelling of a list.

    :param name: as somebody wrote it.
    :param known: the list; where two of its entries are the same name, the first counts.
    :returns: the list's entry; none if the list has no such name.
    """
    wanted = entry_form(name)
    return next((entry for entry in known if canonical(entry) == wanted), None) if wanted else None


def chosen(given: str, known: Iterable[Word] | Mapping[Word, str]) -> Word | None:
    """Which of a few words somebody means; the one rule for all choices that people make.

    Like :func:`spelled`, and between its words an underscore, a hyphen and a blank are alike: IN PROGRESS is
    ``in_progress``.

    :param given: as somebody wrote it.
    :param known: the words; in a mapping each with its title, which may be given instead.
    :returns: the word of the list; none if it has no such.
    """
    words = tuple(known)
    titles: Mapping[Word, str] = known if isinstance(known, Mapping) else {}
    wanted = _joined(given) if len(given) <= LONGEST else ""
    if not wanted:
        return None
    exact = (word for word in words if word == given)
    spelled_so = (word for word in words if _joined(word) == wanted)
    titled_so = (word for word, title in titles.items() if _joined(title) == wanted)
    return next(chain(exact, spelled_so, titled_so), None)


def _joined(name: str) -> str:
    return canonical(canonical(name).replace("_", " ").replace("-", " "))


def _once(text: str) -> str:
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return " ".join("".join(letter for letter in folded if unicodedata.category(letter) != "Cf").split())
