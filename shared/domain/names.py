"""Names that people write, compared as people mean them: KESEHATAN, Kesehatan and "kesehatan " are one."""

import unicodedata
from collections.abc import Iterable


def canonical(name: str) -> str:
    """The form in which two spellings of one name are equal; for comparing, never for showing.

    Capital letters, blanks around and between words, invisible characters (zero-width blanks, marks of direction) and
    Unicode's look-alikes (full-width letters, no-break blanks, ligatures) make no difference. To make the form of a
    canonical name changes nothing.

    :param name: a name of a category, a place, an office ..., as somebody wrote it.
    """
    # To fold letters can undo the normal form (and to normalise can bring letters to fold), so until nothing changes.
    before, text = None, name
    while before != text:
        before, text = text, _once(text)
    return text


def spelled(name: str | None, known: Iterable[str]) -> str | None:
    """A name in the spelling of a list.

    :param name: as somebody wrote it.
    :param known: the list; where two of its entries are the same name, the first counts.
    :returns: the list's entry; none if the list has no such name.
    """
    wanted = canonical(name or "")
    return next((entry for entry in known if canonical(entry) == wanted), None) if wanted else None


def _once(text: str) -> str:
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return " ".join("".join(letter for letter in folded if unicodedata.category(letter) != "Cf").split())
