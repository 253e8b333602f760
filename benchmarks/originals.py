"""Dossiers that were really played, taken apart so that copies have ids, tickets, keys and instants of their own."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from shared.application.dossiers.codec import decode
from shared.application.runtime import Runtime
from shared.base.times import from_iso
from shared.domain.dossier.dossier import fold
from shared.domain.sealing import DataKey
from shared.store.eventstore.reading import RecordedEvent, head, read_after, read_dossiers

_INSTANT: Final = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?\+00:00"
_ID: Final = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"


@dataclass(frozen=True)
class _Event:
    """One event of an original, ready to be copied.

    :param pieces: its text, with gaps for the ticket (``None``) and the sealed part (``...``).
    :param private: what was sealed.
    """

    version: int
    type: str
    pieces: tuple[Any, ...]
    private: Mapping[str, Any] | None


@dataclass(frozen=True)
class Original:
    """A dossier that was really played.

    :param ended: whether its history is over.
    :param number: among the originals.
    """

    dossier: UUID
    ticket: str
    secret: bytes
    ended: bool
    number: int
    events: tuple[_Event, ...]


def originals(runtime: Runtime) -> list[Original]:
    """Every dossier of an installation whose key is there."""
    with runtime.database.autocommit() as cursor:
        ids = sorted({event.dossier for event in read_after(cursor, 0, head(cursor))})
        keys = runtime.vault.keys(cursor, ids)
        known = frozenset(ids)
        found: list[Original] = []
        for dossier in ids:
            key = keys[dossier]
            if key is not None:
                found.append(_original(read_dossiers(cursor, [dossier]), key, known, len(found)))
    return found


def _original(events: Sequence[RecordedEvent], key: DataKey, known: frozenset[UUID], number: int) -> Original:
    typed = [decode(event) for event in events]
    state = fold(typed)
    assert state is not None
    copied = tuple(
        _Event(
            each.version,
            each.type,
            tuple(_pieces(each.state.decode(), state.ticket, told.sealed, known)),
            key.open(told.sealed, told.type) if told.sealed is not None else None,
        )
        for each, told in zip(events, typed, strict=True)
    )
    return Original(state.id, state.ticket, key.secret, state.ended, number, copied)


def _pieces(text: str, ticket: str, sealed: str | None, known: frozenset[UUID]) -> Iterator[Any]:
    gaps = [re.escape(f'"{ticket}"'), _INSTANT, _ID, *([re.escape(sealed)] if sealed else [])]
    for piece in re.split(f"({'|'.join(gaps)})", text):
        if piece == f'"{ticket}"':
            yield None
        elif sealed and piece == sealed:
            yield ...
        elif re.fullmatch(_INSTANT, piece):
            yield from_iso(piece)
        elif re.fullmatch(_ID, piece) and UUID(piece) in known:
            yield UUID(piece)
        else:
            yield piece
