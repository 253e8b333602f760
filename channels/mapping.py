"""From a draft to a complaint, as any other door hands one in."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from shared.base.times import to_iso
from shared.channels.talk.state import Draft
from shared.domain.complaint.schema import load_submission
from shared.wording.days import date_text

_FORWARDED: Final = "(Sebagian isi aduan ini adalah pesan yang diteruskan.)"
_AHEAD: Final = timedelta(minutes=5)
_BACK: Final = timedelta(days=30)


def contact(channel: str, account: str, person: UUID, to: str) -> str:
    """How letters about a complaint find who wrote it."""
    return f"{channel}/{account}/{person}/{to}"


def complaint_of(draft: Draft, *, channel: str, phone: str | None, contact: str, now: datetime) -> dict[str, Any]:
    """A draft as a complaint.

    :param channel: the SOP's name of the one by which it came.
    :param phone: the person's number in E.164; none of people who hide it.
    :param contact: as :func:`contact` writes it.
    :raises Invalid: as :func:`shared.domain.complaint.schema.load_submission`.
    """
    fields = draft.fields
    message = draft.text
    if draft.place and draft.place[2]:
        message = f"{message}\nLokasi: {draft.place[2]}"
    if fields.get("location"):
        message = f"{message}\nLokasi: {fields['location']}"
    if draft.forwarded:
        message = f"{message}\n{_FORWARDED}"
    reporter = {
        "name": fields.get("reporter.name"),
        "address": fields.get("reporter.address"),
        "identity": fields.get("reporter.identity"),
        "phone": phone,
        "contacts": [contact],
    }
    complaint: dict[str, Any] = {
        "channel": channel,
        "external_id": draft.id,
        "message": message,
        "title": fields.get("title"),
        "category": fields.get("category"),
        "privacy": fields.get("privacy"),
        "reporter": reporter,
        "attachments": [f"berkas {place}" for place, _ in enumerate(draft.media, 1)],
        "location": {"lat": draft.place[0], "lon": draft.place[1]} if draft.place else None,
    }
    at = draft.pieces[0].at
    if now - _BACK <= at <= now + _AHEAD:
        complaint["occurred_at"] = to_iso(min(at, now))
    return load_submission({name: value for name, value in complaint.items() if value is not None})


def day_text(instant: datetime, zone: ZoneInfo) -> str:
    """A day as people write it, e.g. ``12 Oktober 2026``."""
    return date_text(instant.astimezone(zone).date(), "id")
