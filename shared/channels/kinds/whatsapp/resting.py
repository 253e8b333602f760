"""By what the provider takes no letter for a while: templates that are ill, people whom it leaves in peace.

What it has refused once is not asked for with every letter; it may say so at once, or later of a letter that it took.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeVar

from shared.base.clock import EARLIEST, Clock
from shared.channels.carrier import Refused, Remedy
from shared.channels.kinds.whatsapp.errors import ILL_TEMPLATE, LEFT_ALONE, refused

_REST: Final = timedelta(hours=1)
"""Then one letter tries again. The first pause takes three hours, the second six. Source: Meta, Template pausing."""
_PEACE: Final = timedelta(hours=24)
"""Source: Meta, Cloud API error codes, 131049."""
_WELL: Final[tuple[datetime, str, Remedy]] = (EARLIEST, "", "other_words")
_MOST_REMEMBERED: Final = 10_000
"""Of so many letters, and people, it is known what became of them; the oldest are forgotten."""
_BAD_REQUEST: Final = 400
_Kept = TypeVar("_Kept")


@dataclass(frozen=True)
class ByTemplate:
    """How a letter went.

    :param to: whom it is for, as the provider names them.
    :param name: of its template.
    """

    to: str
    name: str
    language: str


class Resting:
    """What rests of one number, as far as this process knows.

    :param clock: the machine's: the provider's pauses go by it, whatever time is being simulated.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ill: dict[tuple[str, str], tuple[datetime, str, Remedy]] = {}
        self._in_peace: dict[str, datetime] = {}
        self._taken: dict[str, ByTemplate] = {}

    def why(self, name: str, language: str) -> Refused | None:
        """As what a template was refused that rests; none if a letter may go by it, or has to try."""
        until, code, remedy = self._ill.get((name, language), _WELL)
        return Refused(code, remedy, is_trouble=True) if self._clock.now() < until else None

    def why_not_to(self, to: str) -> Refused | None:
        """As what a letter was refused to somebody who is left in peace; none if one may go to them."""
        until = self._in_peace.get(to, EARLIEST)
        return refused(LEFT_ALONE, _BAD_REQUEST) if self._clock.now() < until else None

    def was_refused(self, letter: ByTemplate, why: Refused) -> None:
        """A letter was refused: if that is its template's fault, this rests; if its reader's, they have their peace."""
        if why.code in ILL_TEMPLATE:
            # Not the refusal itself, which holds on to the letter's words.
            self._ill[letter.name, letter.language] = self._clock.now() + _REST, why.code, why.remedy
        elif why.code == LEFT_ALONE:
            _remember(self._in_peace, letter.to, self._clock.now() + _PEACE)

    def was_taken(self, key: str, letter: ByTemplate) -> None:
        """A letter was taken: its template is well again, unless its provider says otherwise of it later.

        :param key: under which it went.
        """
        self._ill.pop((letter.name, letter.language), None)
        _remember(self._taken, key, letter)

    def was_refused_after_all(self, key: str, code: str) -> None:
        """The provider says later that it does not take a letter; of one that went otherwise that says nothing."""
        letter = self._taken.pop(key, None)
        if letter is not None:
            self.was_refused(letter, refused(code, _BAD_REQUEST))


def _remember(known: dict[str, _Kept], name: str, what: _Kept) -> None:
    known.pop(name, None)
    known[name] = what
    if len(known) > _MOST_REMEMBERED:
        del known[next(iter(known))]
