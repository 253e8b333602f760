"""SMS that a gateway hands over in single parts: joined when all are here, or when nothing more has come for long.

Parts wait in the journal, where they are safe; what their person writes meanwhile is answered.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from channels.rows import New
from shared.channels.halves import together
from shared.channels.incoming import Heard
from shared.channels.talk.world import PersonsMessage

PATIENCE: Final = timedelta(minutes=10)
"""For so long after the latest part was written the others are waited for, by the installation's clock."""
_COMING_SECONDS: Final = 60.0
"""And for so long after it came, of the machine's time: a gateway that was away hands over what is old already."""
AGAIN_SECONDS: Final = 2.0
"""How often it is looked whether they have come, of the machine's time."""
GAP: Final = "[…]"
"""Stands for a part that never came."""
_ONE_MESSAGE: Final = timedelta(hours=24)
"""References come round again: parts that are further apart are of two messages."""


@dataclass(frozen=True)
class Read:
    """A message of the journal, understood.

    :param heard: as its channel understood it; none if nobody can read it.
    :param message: as the conversation takes it; likewise.
    :param others: further rows of the journal that it was made of.
    """

    row: New
    heard: Heard | None
    message: PersonsMessage | None
    others: tuple[New, ...] = ()

    @property
    def rows(self) -> tuple[New, ...]:
        """All that it was made of."""
        return self.row, *self.others


@dataclass(frozen=True)
class Joined:
    """What can be answered now, and what is waited for.

    :param whole: in the order in which it was written.
    :param waiting: parts whose others have not come yet.
    """

    whole: tuple[Read, ...]
    waiting: tuple[New, ...] = ()


def joined(read: Sequence[Read], now: datetime) -> Joined:
    """Make whole messages of parts.

    :param read: a person's messages, in the order in which they were written.
    :param now: by the installation's clock.
    """
    groups = _groups(read)
    single = [each for each in read if each.heard is None or each.heard.part is None]
    ready = [group for group in groups if _is_ready(group, now)]
    waiting = [each.row for group in groups if group not in ready for each in group]
    whole = sorted([*single, *(_as_one(group) for group in ready)], key=lambda each: each.row.provider_at)
    return Joined(tuple(whole), tuple(waiting))


def _groups(read: Sequence[Read]) -> list[list[Read]]:
    """The parts of each message. A number that is there already belongs to the next message of that reference."""
    groups: list[list[Read]] = []
    for each in read:
        if each.heard is None or each.heard.part is None:
            continue
        for group in groups:
            if _belongs(each, group):
                group.append(each)
                break
        else:
            groups.append([each])
    return groups


def _belongs(each: Read, group: Sequence[Read]) -> bool:
    mine, first = each.heard, group[0].heard
    if mine is None or first is None or mine.part is None or first.part is None:
        return False
    known = {other.heard.part.number for other in group if other.heard and other.heard.part}
    return (
        (each.row.channel, mine.account, mine.part.reference, mine.part.total)
        == (group[0].row.channel, first.account, first.part.reference, first.part.total)
        and mine.part.number not in known
        and each.row.provider_at - group[0].row.provider_at < _ONE_MESSAGE
    )


def _is_ready(group: Sequence[Read], now: datetime) -> bool:
    first = group[0].heard
    total = first.part.total if first is not None and first.part is not None else len(group)
    if len(group) == total:
        return True
    latest, age = max(each.row.provider_at for each in group), min(each.row.age for each in group)
    if latest > now:  # its gateway's clock is ahead, and says nothing of how long ago that was
        return age >= PATIENCE.total_seconds()
    return now - latest >= PATIENCE and age >= _COMING_SECONDS


def _as_one(group: Sequence[Read]) -> Read:
    """A whole message, under the id and time of its first part; gaps are marked."""
    by_number = {each.heard.part.number: each for each in group if each.heard and each.heard.part}
    first = by_number[min(by_number)]
    if first.heard is None or first.heard.part is None or first.message is None:
        return first
    pieces = [
        by_number[number].heard.text if number in by_number else GAP  # type: ignore[union-attr]  # those are heard
        for number in range(1, first.heard.part.total + 1)
    ]
    text = together([f" {piece} " if piece == GAP else piece for piece in pieces]).strip()
    others = tuple(each.row for each in group if each is not first)
    return Read(first.row, first.heard, replace(first.message, text=text), others)
