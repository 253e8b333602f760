"""What the provider's error codes mean for a letter. By the code, never by the HTTP status.

Source: Meta, Cloud API error codes (Graph v25.0).
"""

from typing import Final

from shared.base.whole_numbers import whole_number
from shared.channels.carrier import Refused, Remedy

WINDOW_CLOSED: Final = "131047"
_LATER: Final = {1, 2, 4, 80007, 130429, 131000, 131016, 131057, 133004, 133016}
_SHUT: Final = {0, 3, 10, 190, *range(200, 300), 368, 131005, 131031, 131037, 131042, 131045, 131064, 133010}
_PAUSED: Final = {132015, 132016}
"""The template is, or is switched off: readers have found it a nuisance."""
PAUSED: Final = "template_paused"
"""Our own code for the same, where the provider thanks for a letter and delivers it to nobody."""
_OTHER_WORDS: Final = {131047, *_PAUSED, 470}
OTHER_WORDS: Final = frozenset(map(str, _OTHER_WORDS))
"""Codes after which a letter may go once more by its template: they are also told by a status, of what was taken."""
_NEVER: Final = {
    *(100, 131008, 131009, 131021, 131051, 131053),
    *(132000, 132001, 132005, 132007, 132008, 132012, 132018),
}
ILL_TEMPLATE: Final = frozenset({PAUSED, *map(str, [*_PAUSED, 132000, 132001, 132007, 132012])})
"""Codes that say nothing of the one letter: none goes by that template until somebody has mended it, or the provider
lets it go again. Others of the kind (132005, 132018) are of values that were too long, or not as they have to be.
"""
_OTHER_WAY: Final = {131026, 131030, 131049, 131050, 130472, 131062, 137000}
LEFT_ALONE: Final = "131049"
"""The provider spares this person letters that they have not asked for: none is tried again for a day."""
_SPAM: Final = 131048
_PAIR: Final = 131056
_WAITS: Final = {_PAIR: 4.0, _SPAM: 3600.0}
"""Codes that say for how long: the pair of numbers speaks too often, and is left alone for 4, 16, 64 ... seconds; the
number is taken for a sender of spam."""
_TROUBLES: Final = {*_NEVER, *_PAUSED, _SPAM}
"""Codes after which somebody has to mend a template or a letter's shape, or to find out who takes us for spam."""
TROUBLES: Final = frozenset(map(str, _TROUBLES | _SHUT))
"""Codes of which the operator is told also where a status bears them: a letter that was taken is refused with them."""


def refused(code: object, status: int, wait: float = 0.0) -> Refused:
    """What a refusal means.

    :param code: the provider's; anything if it told none.
    :param status: the HTTP status, for codes that nobody knows.
    :param wait: for how many seconds the provider wants to be left alone; 0 if it does not say.
    """
    number = whole_number(str(code))
    remedy, seconds = _remedy(number, status)
    told = str(number) if number is not None else f"http_{status}"
    return Refused(told, remedy, seconds or wait, is_trouble=number in _TROUBLES, too_often=number == _PAIR)


def _remedy(code: int | None, status: int) -> tuple[Remedy, float]:
    if code in _WAITS:
        return "later", _WAITS[code]
    known: tuple[tuple[set[int], Remedy], ...] = (
        (_LATER, "later"),
        (_SHUT, "shut"),
        (_OTHER_WORDS, "other_words"),
        (_NEVER, "never"),
        (_OTHER_WAY, "other_way"),
    )
    for codes, remedy in known:
        if code in codes:
            return remedy, 0.0
    if status in (401, 403):
        return "shut", 0.0
    return ("never" if 400 <= status < 500 and status != 429 else "later"), 0.0
