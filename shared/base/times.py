"""Instants as they are written in events: ISO 8601, UTC."""

from datetime import UTC, datetime


def to_iso(instant: datetime) -> str:
    """An instant in UTC, e.g. ``2026-10-01T01:00:00+00:00``.

    :raises ValueError: if the instant has no zone.
    """
    if instant.tzinfo is None:
        raise ValueError("an instant without a zone cannot be recorded")
    return (instant if instant.tzinfo is UTC else instant.astimezone(UTC)).isoformat()


def from_iso(text: str) -> datetime:
    """The reverse of :func:`to_iso`.

    :raises ValueError: if the text is no instant or has no zone.
    """
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(f"an instant without a zone: {text}")
    try:
        return instant if instant.tzinfo is UTC else instant.astimezone(UTC)
    except OverflowError:
        raise ValueError(f"an instant outside of what can be reckoned with: {text}") from None
