"""Templates by which the provider takes no letter: they rest for a while, so that the next one is not refused too."""

from datetime import datetime, timedelta
from typing import Final

from shared.base.clock import EARLIEST, Clock
from shared.channels.carrier import Refused, Remedy
from shared.channels.kinds.whatsapp.errors import ILL_TEMPLATE

_REST: Final = timedelta(hours=1)
"""Then one letter tries again. The first pause takes three hours, the second six. Source: Meta, Template pausing."""
_WELL: Final[tuple[datetime, str, Remedy]] = (EARLIEST, "", "other_words")


class Resting:
    """Those of one number, as far as this process knows.

    :param clock: the machine's: the provider's pauses go by it, whatever time is being simulated.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ill: dict[tuple[str, str], tuple[datetime, str, Remedy]] = {}

    def why(self, name: str, language: str) -> Refused | None:
        """As what a template was refused that rests; none if a letter may go by it, or has to try."""
        until, code, remedy = self._ill.get((name, language), _WELL)
        return Refused(code, remedy, is_trouble=True) if self._clock.now() < until else None

    def was_refused(self, name: str, language: str, refused: Refused) -> None:
        """A letter by a template was refused: if that is the template's fault and not the letter's, it rests."""
        if refused.code in ILL_TEMPLATE:
            # Not the refusal itself, which holds on to the letter's words.
            self._ill[name, language] = self._clock.now() + _REST, refused.code, refused.remedy

    def was_taken(self, name: str, language: str) -> None:
        """A letter by a template was taken: it is well again."""
        self._ill.pop((name, language), None)
