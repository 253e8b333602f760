"""What was asked for last, kept in memory for as long as a stamp says that it is still right."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Final, Generic, TypeVar

Told = TypeVar("Told")

_MOST: Final = 500


class LastTold(Generic[Told]):
    """The answers that were asked for last."""

    def __init__(self) -> None:
        self._told: OrderedDict[tuple[Any, ...], tuple[object, Told]] = OrderedDict()

    def of(self, place: tuple[Any, ...], stamp: object, make: Callable[[], Told]) -> Told:
        """What is kept at a place, or else is made now.

        :param stamp: of what it depends on: another one, and it is made anew.
        """
        kept = self._told.get(place)
        if kept is None or kept[0] != stamp:
            kept = (stamp, make())
            self._told[place] = kept
            if len(self._told) > _MOST:
                self._told.popitem(last=False)
        self._told.move_to_end(place)
        return kept[1]
