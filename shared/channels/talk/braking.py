"""What keeps two machines from talking to one another, and a person from being flooded."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from shared.channels.talk.hearing import words_of
from shared.channels.talk.state import Brake, Talk
from shared.channels.talk.world import Effect, PersonsMessage, Say

A_MINUTE: Final = 20
A_DAY: Final = 100
"""Messages of ours to one person."""
SAME: Final = 5
"""Equal texts in a row within ten minutes: a machine, or a finger that got stuck."""
_SAME_WITHIN: Final = timedelta(minutes=10)
_SILENT: Final = timedelta(hours=1)


def braked(
    talk: Talk, effects: Sequence[Effect], messages: Sequence[PersonsMessage], now: datetime
) -> tuple[Talk, list[Effect]]:
    """The effects without what is too much to say. What was written is never braked, only what is answered.

    A receipt is not too much: nobody else tells the ticket, and the person has said yes to what was filed.
    """
    brake = _counted(talk.brake, messages, now)
    kept: list[Effect] = []
    for effect in effects:
        if isinstance(effect, Say):
            silent = brake.silent_until is not None and now < brake.silent_until
            if (silent or full(brake)) and not effect.receipt:
                brake = replace(brake, dropped=brake.dropped + 1)
                continue
            brake = replace(brake, in_minute=brake.in_minute + 1, in_day=brake.in_day + 1)
        kept.append(effect)
    return replace(talk, brake=brake), kept


def full(brake: Brake) -> bool:
    """Whether so much was said that nothing more is, for now."""
    return brake.in_minute >= A_MINUTE or brake.in_day >= A_DAY


def _counted(brake: Brake, messages: Sequence[PersonsMessage], now: datetime) -> Brake:
    if brake.minute is None or now - brake.minute >= timedelta(minutes=1):
        brake = replace(brake, minute=now, in_minute=0)
    if brake.day is None or now - brake.day >= timedelta(days=1):
        brake = replace(brake, day=now, in_day=0)
    for message in messages:
        said = f"{message.kind} {message.choice} {words_of(message.text)}"
        digest = sha256(said.encode("utf-8", "replace")).hexdigest()[:16]
        # Numbers are answers, and many questions have the same.
        if not message.text or len(words_of(message.text)) <= 2:
            continue
        same = digest == brake.same and brake.same_since is not None and now - brake.same_since <= _SAME_WITHIN
        brake = replace(
            brake,
            same=digest,
            times=brake.times + 1 if same else 1,
            same_since=brake.same_since if same else now,
        )
        if brake.times >= SAME:
            brake = replace(brake, silent_until=now + _SILENT, times=0)
    return brake
