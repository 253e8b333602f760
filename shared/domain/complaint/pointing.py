"""What in a text points at somebody: numbers of identity and telephone, addresses of e-mail, a reporter's own words.

A guard against a slip, not a judge: whoever publishes reads the text all the same.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from shared.base.names import canonical

_IDENTITY: Final = re.compile(r"(?<!\d)\d(?:[ .-]?\d){15}(?!\d)")
"""A NIK or a number of a family card: 16 digits."""
_TELEPHONE: Final = re.compile(r"(?<!\d)(?:\+?62|0)[ .-]?8(?:[ .-]?\d){7,11}(?!\d)")
_MAIL: Final = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_OF_THE_REPORTER: Final = ("name", "address", "phone", "email", "identity")
_SHORTEST: Final = 4
"""Letters: a shorter name stands in too many words."""


def points_at_somebody(text: str, reporter: Mapping[str, Any] | None = None) -> str | None:
    """Why a text cannot be public; none if nothing was found.

    :param reporter: what the reporter gave of themselves; none where the reader may not know it.
    :returns: the code of a message about the field: ``holds_a_number`` or ``names_the_reporter``.
    """
    if _IDENTITY.search(text) or _TELEPHONE.search(text) or _MAIL.search(text):
        return "holds_a_number"
    words = f" {_plain(text)} "
    if any(f" {_plain(given)} " in words for given in _given(reporter or {})):
        return "names_the_reporter"
    return None


def _given(reporter: Mapping[str, Any]) -> Iterator[str]:
    for name in _OF_THE_REPORTER:
        given = str(reporter.get(name) or "")
        if len(given.strip()) >= _SHORTEST:
            yield given


def _plain(text: str) -> str:
    """Letters and digits alone, with single blanks."""
    return " ".join(re.findall(r"\w+", canonical(text)))
