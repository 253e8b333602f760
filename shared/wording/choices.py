"""One of a few words, wherever people give one: matched by one rule, or refused with the words that there are."""

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from rapidfuzz import process

from shared.base.errors import Invalid
from shared.base.names import Word, canonical, chosen
from shared.wording.codes import field_message

NONE = "-"
"""Told where there is nothing to choose from."""
_MOST_ALIKE: Final = 5


def not_among(known: Iterable[str], code: str = "not_a_choice") -> str:
    """The field message that names the words.

    :param known: the words; of a mapping its keys.
    :param code: of a message whose sentence names ``choices``.
    """
    return field_message(code, choices=", ".join(known) or NONE)


def alike(given: str, known: Iterable[str]) -> list[str]:
    """The words of a long list that somebody may have meant, the likeliest first; not all of them can be told."""
    found = process.extract(given, list(known), processor=canonical, limit=_MOST_ALIKE)
    return [word for word, _, _ in found]


def one_of(name: str, given: str, known: Collection[Word] | Mapping[Word, str], code: str = "not_a_choice") -> Word:
    """The word of the list that somebody means.

    :param name: of the field.
    :param given: as somebody wrote it.
    :param known: as :func:`shared.base.names.chosen` takes it.
    :param code: of the field message if it is none.
    :raises Invalid: naming the words.
    """
    found = chosen(given, known)
    if found is None:
        raise Invalid("invalid_fields", fields={name: [not_among(known, code)]})
    return found
