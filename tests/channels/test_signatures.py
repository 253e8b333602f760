"""What gateways of SMS sign: the raw body with its time, or the public address with all that a form says."""

import base64
import hmac
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final

import pytest

from shared.channels.incoming import Request, Unsigned
from shared.channels.kinds.sms.gateway import SmsGateway
from shared.channels.kinds.sms.smsgate import SmsGate
from shared.channels.kinds.sms.twilio import Twilio
from shared.channels.secrets import Secrets

NOW: Final = datetime(2026, 10, 5, 1, tzinfo=UTC)
WORD: Final = "word-of-the-gateway"
URL: Final = "https://aduan.example/hooks/v1/trenggalek/sms/modem"
FORM: Final = {"MessageSid": "SM1", "From": "+6281234567890", "Body": "Lampu mati di pasar"}


def gateway(folder: Path, format_: str, secret: str) -> SmsGateway:
    """A gateway of a format, with the secret by which it signs."""
    folder.chmod(0o700)
    file = folder / f"trenggalek.sms.modem.{secret}"
    file.write_text(WORD)
    file.chmod(0o600)
    return SmsGateway("modem", format_, Secrets(folder, "trenggalek.sms.modem"))


def delivered(headers: dict[str, str], *, url: str = URL, form: dict[str, str] | None = None) -> Request:
    """A delivery, as it came."""
    return Request("POST", "modem", url, headers, {}, form or {}, b'{"event": "sms:received"}', NOW)


@pytest.mark.parametrize(("seconds", "refused"), [(0, ""), (-299, ""), (299, ""), (-301, "too_old"), (301, "too_old")])
def test_what_was_signed_long_ago_is_refused(tmp_path: Path, seconds: int, refused: str) -> None:
    """Whoever has recorded a delivery cannot hand it in later; a telephone's clock may be off by a few minutes."""
    stamp = str(int((NOW + timedelta(seconds=seconds)).timestamp()))
    signed = hmac.new(WORD.encode(), b'{"event": "sms:received"}' + stamp.encode(), sha256).hexdigest()
    given = delivered({"x-timestamp": stamp, "x-signature": signed})
    told = ""
    try:
        SmsGate().verify(gateway(tmp_path, "smsgate", "signing_key"), given, NOW)
    except Unsigned as unsigned:
        told = str(unsigned)
    assert refused == told


@pytest.mark.parametrize(
    ("url", "changed", "taken"),
    [
        (URL, {}, True),
        (URL, {"Body": "Lampu mati di pasar kota"}, False),
        (URL, {"NumMedia": "1"}, False),
        (f"{URL}/report", {}, False),
    ],
)
def test_a_form_is_taken_as_it_was_signed(tmp_path: Path, url: str, changed: dict[str, str], taken: bool) -> None:
    """Neither a field of it nor the address to which it goes can be exchanged."""
    words = URL + "".join(name + FORM[name] for name in sorted(FORM))
    signed = base64.b64encode(hmac.new(WORD.encode(), words.encode(), "sha1").digest()).decode()
    given = delivered({"x-twilio-signature": signed}, url=url, form={**FORM, **changed})
    was_taken = True
    try:
        Twilio().verify(gateway(tmp_path, "twilio", "auth_token"), given, NOW)
    except Unsigned:
        was_taken = False
    assert taken is was_taken
