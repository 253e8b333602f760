"""A long text in several messages, where a channel takes only so much at once: nothing that was written is cut."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

_ENDS: Final = ("\n\n", "\n", ". ", " ")
"""Where a text is divided, the best first."""
_MOST_BEGUN: Final = 1000
_Some = TypeVar("_Some")
_MARK: Final = len("(99/99) ")


def in_parts(text: str, most: int) -> list[str]:
    """A text as messages of so many signs each, divided at the end of a paragraph, a line, a sentence or a word.

    :param most: as providers count: a sign beyond the first 65,536 of Unicode, such as most emoji, counts two.
    :returns: at least one; blanks where it was divided are gone.
    """
    parts = []
    rest = text
    while _length(rest) > most:
        head = _head(rest, most)
        cut = next((at + len(end) for end in _ENDS if (at := head.rfind(end)) >= len(head) // 3), len(head))
        parts.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [each for each in (*parts, rest) if each.strip()] or [text.strip()]


def numbered(text: str, most: int) -> list[str]:
    """Likewise, each with its place: ``(1/2) ...``; one that goes whole bears none."""
    if _length(text) <= most:
        return [text]
    parts = in_parts(text, most - _MARK)
    return [f"({place}/{len(parts)}) {part}" for place, part in enumerate(parts, 1)]


@dataclass(frozen=True)
class SaidSoFar:
    """How far letters in several pieces have come in this process: what was taken is not said again with the rest."""

    _taken: dict[str, tuple[int, int]] = field(default_factory=dict)

    def hand_over(self, key: str, pieces: Sequence[_Some], each: Callable[[_Some], object]) -> None:
        """Hand over all pieces before the last, without those that were taken when the same was tried before.

        :param key: of the letter.
        :param each: hands one over; what it raises ends it here, and the next time goes on from there.
        """
        done, of_so_many = self._taken.get(key, (0, len(pieces)))
        for place in range(done if of_so_many == len(pieces) else 0, len(pieces)):
            each(pieces[place])
            if len(self._taken) >= _MOST_BEGUN:
                self._taken.clear()
            self._taken[key] = place + 1, len(pieces)

    def is_done(self, key: str) -> None:
        """The last of it was taken too: the same key again is another letter."""
        self._taken.pop(key, None)


def _length(text: str) -> int:
    return len(text) + sum(sign > "\uffff" for sign in text)


def _head(text: str, most: int) -> str:
    """As much of its beginning as fits."""
    head = text[:most]
    while _length(head) > most:
        head = head[: len(head) - (_length(head) - most + 1) // 2]
    return head
