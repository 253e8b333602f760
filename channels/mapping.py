"""From a draft to a complaint, as any other door hands one in."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from channels.letters import Correspondence
from shared.base.times import from_iso, to_iso
from shared.channels.talk.state import Draft, Language
from shared.domain.complaint.channels import known_channels
from shared.domain.complaint.schema import load_submission
from shared.domain.complaint.sides import MOST_PLACE
from shared.domain.sop.model import Sop
from shared.wording.days import date_text

_FORWARDED: Final = "(Sebagian isi aduan ini adalah pesan yang diteruskan.)"
_REFERRED: Final = "(Pelapor datang lewat iklan atau tautan.)"
_BY_PROGRAM: Final = "api"
_UNVERIFIED: Final = "(Pengirim surel ini tidak terverifikasi.)"
_FOLLOWING: Final = "(Ditulis sebagai balasan untuk aduan {ticket}, yang saat itu tidak dapat ditambah.)"
_WRITTEN: Final = "(Menurut penyedianya ditulis pada {day}.)"
_WITHOUT_WORDS: Final = "(Surel tanpa tulisan.)"
_LEAST_TITLE: Final = 3
_AHEAD: Final = timedelta(minutes=5)
_BACK: Final = timedelta(days=30)


def contact(channel: str, account: str, person: UUID, to: str) -> str:
    """How letters about a complaint find who wrote it."""
    return f"{channel}/{account}/{person}/{to}"


def filed_by(sop: Sop, channel: str) -> str:
    """A channel as the log names it: what a government offers beside its SOP has no name there."""
    return channel if channel in known_channels(sop) else _BY_PROGRAM


def _location(draft: Draft) -> dict[str, Any] | None:
    pin = {"lat": draft.place[0], "lon": draft.place[1]} if draft.place else {}
    named = {name: draft.fields.get(f"location.{name}") for name in ("kecamatan", "desa")}
    words = _place_in_words(draft)
    text = {"text": words} if words and len(words) <= MOST_PLACE else {}
    return {**pin, **text, **{name: value for name, value in named.items() if value}} or None


def _place_in_words(draft: Draft) -> str:
    """What was written of the place, and what stood beside the pin."""
    said = (draft.place[2] if draft.place else "", draft.fields.get("location") or "")
    return ", ".join(dict.fromkeys(" ".join(each.split()) for each in said if each.strip()))


def complaint_of(
    draft: Draft, *, channel: str, phone: str | None, contacts: Sequence[str], now: datetime, zone: ZoneInfo
) -> dict[str, Any]:
    """A draft as a complaint.

    :param channel: the SOP's name of the one by which it came.
    :param phone: the person's number in E.164; none of people who hide it.
    :param contacts: each as :func:`contact` writes it, that by which they write first.
    :param zone: the government's.
    :raises Invalid: as :func:`shared.domain.complaint.schema.load_submission`.
    """
    fields = draft.fields
    message = draft.text
    if len(words := _place_in_words(draft)) > MOST_PLACE:
        message = f"{message}\nLokasi: {words}"  # nothing that a person wrote is cut
    if draft.forwarded:
        message = f"{message}\n{_FORWARDED}"
    if draft.referred:
        message = f"{message}\n{_REFERRED}"
    if late := _late(draft.pieces[0].at, now, zone):
        message = f"{message}\n{late}"
    reporter = {
        "name": fields.get("reporter.name"),
        "address": fields.get("reporter.address"),
        "identity": fields.get("reporter.identity"),
        "phone": fields.get("reporter.phone") or phone,
        "contacts": list(contacts),
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
        "location": _location(draft),
    }
    complaint |= _occurred(draft.pieces[0].at, now)
    return load_submission({name: value for name, value in complaint.items() if value is not None})


def complaint_of_letter(
    letter: Correspondence, *, known: Sop, contact: str, now: datetime, zone: ZoneInfo
) -> dict[str, Any]:
    """A letter as a complaint.

    :param known: the procedure that names the channels.
    :param contact: as :func:`contact` writes it.
    :param zone: the government's.
    :raises Invalid: as :func:`shared.domain.complaint.schema.load_submission`.
    """
    words = [letter.text or letter.topic or _WITHOUT_WORDS]
    if letter.ticket:
        words.append(_FOLLOWING.format(ticket=letter.ticket))
    if letter.doubted:
        words.append(_UNVERIFIED)
    if late := _late(from_iso(letter.at), now, zone):
        words.append(late)
    complaint: dict[str, Any] = {
        "channel": filed_by(known, letter.channel),
        "external_id": f"{letter.account}:{letter.id}",
        "message": "\n".join(words),
        "title": letter.topic if len(letter.topic) >= _LEAST_TITLE else None,
        "reporter": {"name": letter.name or None, "email": letter.to, "contacts": [contact]},
        "attachments": [f"berkas {place}" for place, _ in enumerate(letter.media, 1)],
    }
    complaint |= _occurred(from_iso(letter.at), now)
    return load_submission({name: value for name, value in complaint.items() if value})


def _occurred(written_at: datetime, now: datetime) -> dict[str, str]:
    """When a complaint was written, where that can be true: a provider's clock may be anywhere."""
    return {"occurred_at": to_iso(min(written_at, now))} if now - _BACK <= written_at <= now + _AHEAD else {}


def _late(written_at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """What a desk reads of a day that lies too far back for a complaint to count from it; blank of any other."""
    return _WRITTEN.format(day=day_text(written_at, zone, "id")) if written_at < now - _BACK else ""


def day_text(instant: datetime, zone: ZoneInfo, language: Language) -> str:
    """A day as people write it, e.g. ``12 Oktober 2026``."""
    return date_text(instant.astimezone(zone).date(), language)
