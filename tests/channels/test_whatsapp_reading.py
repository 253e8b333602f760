"""What a message of WhatsApp's is heard as: each type of the provider's, and whoever may be its sender."""

from typing import Any

import pytest

from cli.providers.whatsapp import NUMBER
from shared.channels.incoming import Heard, Pin
from shared.channels.kinds.whatsapp.incoming import WhatsAppIncoming
from shared.channels.secrets import Secrets
from tests.channels.by_whatsapp import SITI

_SITIS = {"phone": f"+{SITI}", "wa": SITI}
_PIN = {"latitude": -7.33, "longitude": 108.8, "name": "Pasar", "address": "Jalan Raya"}
_FILE = {"id": "1", "mime_type": "image/jpeg", "caption": "Lubang"}
_PRESSED = {"button_reply": {"id": "yes", "title": "Ya, kirim"}}
_CHOSEN = {"list_reply": {"id": "d:CLP-2026-000123", "title": "Jalan"}}


def _heard(message: dict[str, Any]) -> Heard:
    whole = {"id": "wamid.1", "timestamp": "1790000000", "from": SITI, **message}
    read = WhatsAppIncoming(NUMBER, Secrets(None, "x")).read({"message": whole, "contact": {}})
    assert isinstance(read, Heard)
    return read


@pytest.mark.parametrize(
    ("type_", "said", "kind", "text"),
    [
        ("text", {"body": "Jalan rusak"}, "text", "Jalan rusak"),
        ("image", _FILE, "media", "Lubang"),
        ("video", _FILE, "media", "Lubang"),
        ("document", {**_FILE, "filename": "a.pdf"}, "media", "Lubang"),
        ("audio", {"id": "1", "mime_type": "audio/ogg", "voice": True}, "media", ""),
        ("sticker", {"id": "1", "mime_type": "image/webp"}, "reaction", ""),
        ("reaction", {"message_id": "wamid.0", "emoji": ""}, "reaction", ""),
        ("location", _PIN, "place", ""),
        ("interactive", _PRESSED, "choice", "Ya, kirim"),
        ("interactive", _CHOSEN, "choice", "Jalan"),
        ("button", {"payload": "t:CLP-2026-000123:read", "text": "Baca lengkap"}, "choice", "Baca lengkap"),
        ("contacts", {}, "contact", ""),
        ("order", {"catalog_id": "1"}, "unreadable", ""),
        ("unsupported", {}, "unreadable", ""),
        ("what_comes_next_year", {"body": "x"}, "unreadable", ""),
        ("edit", {"original_message_id": "w", "message": {"text": {"body": "Jalan putus"}}}, "edit", "Jalan putus"),
        ("revoke", {"original_message_id": "w"}, "revoke", ""),
    ],
)
def test_every_type_is_heard_as_what_it_is(type_: str, said: dict[str, Any], kind: str, text: str) -> None:
    """What nobody can read is heard too, and answered with what is understood here; it is never an error."""
    heard = _heard({"type": type_, type_: said, "errors": [{"code": 131051}] if type_ == "unsupported" else []})
    assert (kind, text, "wamid.1", NUMBER) == (heard.kind, heard.text, heard.message_id, heard.account)
    assert (Pin(-7.33, 108.8, "Pasar, Jalan Raya") if kind == "place" else None) == heard.place


@pytest.mark.parametrize(
    ("who", "to", "ids"),
    [
        ({}, SITI, _SITIS),
        # Without the ninth digit that its number has: written to as it came, or nobody is reached.
        ({"from": "551187654321"}, "551187654321", {"wa": "551187654321"}),
        ({"from_user_id": "ID.1"}, SITI, {**_SITIS, "bsuid": "ID.1"}),
        ({"from": "", "from_user_id": "ID.Abc9"}, "ID.Abc9", {"bsuid": "ID.Abc9"}),
        ({"from": "", "from_user_id": "ID.ENT.Abc9"}, "ID.ENT.Abc9", {"bsuid": "ID.ENT.Abc9"}),
    ],
)
def test_a_sender_is_written_to_by_the_id_that_came(who: dict[str, str], to: str, ids: dict[str, str]) -> None:
    """With a number, an id of WhatsApp's that is no number, or the id of whoever hides theirs, also of a firm's."""
    sender = _heard({"type": "text", "text": {"body": "Jalan rusak"}, **who}).sender
    assert (to, ids) == (sender.to, dict(sender.ids))
