"""What a message of Telegram's says, by what it holds. Source: core.telegram.org/bots/api, Message."""

from collections.abc import Mapping
from typing import Any, Final

from shared.channels.incoming import HeardKind, MediaRef, Pin
from shared.channels.kinds.parsing import objects, part, text
from shared.channels.numbers import persons_number

_FILES: Final = ("document", "voice", "audio", "video", "video_note")
"""Under which names a message holds a file, a photo besides; an animation is a document too."""


def letter_id(message: Mapping[str, Any]) -> str:
    """By which a message is known: its own id is one of its chat's."""
    return f"{part(message, 'chat').get('id')}:{message.get('message_id')}"


def said_in(message: Mapping[str, Any]) -> tuple[HeardKind, dict[str, Any]]:
    """What a message says: of which kind it is, and the fields of :class:`shared.channels.incoming.Heard` that tell it.

    :raises ValueError: if a place in it is none.
    """
    caption = {"text": text(message.get("caption"))}
    if photos := objects(message.get("photo")):
        largest = max(photos, key=lambda photo: int(photo.get("file_size") or 0))
        return "media", {**caption, "media": (MediaRef(text(largest.get("file_id"), 300)),)}
    for name in _FILES:
        if file := part(message, name):
            return "media", {**caption, "media": (_file(file),)}
    if spot := part(message, "location"):
        venue = part(message, "venue")  # a place that was picked by its name
        words = ", ".join(filter(None, (text(venue.get("title"), 150), text(venue.get("address"), 150))))
        return "place", {"place": Pin(float(spot["latitude"]), float(spot["longitude"]), words)}
    if card := part(message, "contact"):
        if number := _own_number(message, card):
            return "contact", {"number": number}
        told = (text(card.get(name), 100) for name in ("first_name", "last_name", "phone_number"))
        return "contact", {"text": " ".join(filter(None, told))}
    if "sticker" in message:
        return "reaction", {}
    words = text(message.get("text"))
    if words.partition(" ")[0] == "/start":  # behind it stands what the link that led here bears
        words = "menu"
    return ("text", {"text": words}) if words else ("unreadable", {})


def _own_number(message: Mapping[str, Any], card: Mapping[str, Any]) -> str:
    """The sender's own number, as the button brings it; blank of anybody else's card, and of one that was passed on.

    Telegram finds out itself whose number a card bears; who is not known there has no id in it.
    """
    own = card.get("user_id") is not None and card.get("user_id") == part(message, "from").get("id")
    if not own or message.get("forward_origin") or message.get("forward_date"):
        return ""
    return persons_number(f"+{text(card.get('phone_number'), 40).lstrip('+')}") or ""


def _file(file: Mapping[str, Any]) -> MediaRef:
    size = file.get("file_size")
    return MediaRef(
        text(file.get("file_id"), 300),
        text(file.get("mime_type"), 100),
        text(file.get("file_name"), 200),
        size=size if isinstance(size, int) else 0,
    )
