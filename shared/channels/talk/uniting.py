"""Two conversations that turn out to be one person's: nothing that was written in either is lost."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from shared.channels.talk.belonging import pin, together
from shared.channels.talk.state import Brake, Draft, Piece, Talk

_FURTHER: Final = {"filing": 3, "idle": 0}


def united(mine: Talk, theirs: Talk) -> Talk:
    """The one in which more is under way goes on, with what was being written in the other.

    :param mine: the conversation of the name that stays.
    """
    leading, other = sorted((mine, theirs), key=_how_far, reverse=True)
    recent = max((mine, theirs), key=lambda talk: talk.recent_at.timestamp() if talk.recent_at else 0.0)
    english = "en" in (mine.language, theirs.language)  # nobody is spoken to so without having asked for it
    return replace(
        _with(leading, other),
        brake=_stricter(mine.brake, theirs.brake),
        menu_at=_latest(mine.menu_at, theirs.menu_at),
        recent=recent.recent,
        recent_at=recent.recent_at,
        handed=recent.handed,
        helped_at=_latest(mine.helped_at, theirs.helped_at),
        puzzled_at=_latest(mine.puzzled_at, theirs.puzzled_at),
        referred=mine.referred or theirs.referred,
        language="en" if english else "id",
        wake_at=min((each for each in (mine.wake_at, theirs.wake_at) if each), default=None),
    )


def _how_far(talk: Talk) -> int:
    return _FURTHER.get(talk.state, 2 if talk.draft is not None else 1)


def _with(leading: Talk, other: Talk) -> Talk:
    # What is on its way to the desk comes back as a complaint of its own: it is not written down a second time.
    draft = None if other.state == "filing" else other.draft
    pieces = [*(draft.pieces if draft else ()), *([other.held] if other.held else [])]
    if not pieces:
        return leading
    apart = leading.draft is None or leading.state == "filing"  # what is on its way to the desk is not changed any more
    if draft is not None and draft.place is not None and (apart or (leading.draft and leading.draft.place)):
        pieces[0] = replace(pieces[0], text="\n".join(filter(None, [pieces[0].text, pin(draft.place)])))
    if leading.draft is None or apart:
        return replace(leading, held=together([*([leading.held] if leading.held else []), *pieces]))
    return replace(leading, draft=_longer(leading.draft, pieces, draft))


def _longer(draft: Draft, pieces: list[Piece], other: Draft | None) -> Draft:
    # By its first message a complaint is filed once, however often that is tried: it stays the first.
    first, *rest = draft.pieces
    longer = replace(draft, pieces=(first, *sorted([*rest, *pieces], key=lambda piece: (piece.at, piece.id))))
    if other is None:
        return longer
    return replace(
        longer,
        fields={**other.fields, **draft.fields},
        place=draft.place or other.place,
        forwarded=draft.forwarded or other.forwarded,
        referred=draft.referred or other.referred,
        missing=tuple(name for name in draft.missing if name not in other.fields),
    )


def _stricter(mine: Brake, theirs: Brake) -> Brake:
    """Whoever was silenced under one name is not spoken to under the other."""
    return replace(
        mine,
        minute=_latest(mine.minute, theirs.minute),
        in_minute=max(mine.in_minute, theirs.in_minute),
        day=_latest(mine.day, theirs.day),
        in_day=max(mine.in_day, theirs.in_day),
        silent_until=_latest(mine.silent_until, theirs.silent_until),
        dropped=max(mine.dropped, theirs.dropped),
    )


def _latest(*instants: datetime | None) -> datetime | None:
    return max((each for each in instants if each is not None), default=None)
