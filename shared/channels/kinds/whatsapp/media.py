"""The files of WhatsApp's messages: looked up, then fetched from where the look-up says, within five minutes."""

import base64
import binascii
from hashlib import sha256
from typing import Any, Final
from urllib.parse import quote, urlsplit

from shared.channels.carrier import Maybe, Refused
from shared.channels.http import ask, content_of, json_of, session
from shared.channels.incoming import Fetched, MediaGone, MediaRef
from shared.channels.kinds.parsing import text
from shared.channels.kinds.whatsapp.outgoing import WhatsAppNumber
from shared.channels.secrets import Secrets

_HOSTS: Final = (".fbsbx.com", ".whatsapp.net", ".facebook.com")


class WhatsAppMedia:
    """One number's files."""

    def __init__(self, number: WhatsAppNumber, secrets: Secrets) -> None:
        self._number = number
        self._secrets = secrets
        self._client = session()

    def fetch(self, media: MediaRef, most: int) -> Fetched:
        """The content, by a look-up of this moment: an address lives five minutes.

        :raises MediaGone: if the provider has it no more, it is too large, or is not what was announced.
        :raises Maybe: if it could not be had now.
        """
        bearer = {"Authorization": f"Bearer {self._secrets.get('access_token')}"}
        found = self._asked(self._number.url(quote(media.id, safe="")), bearer)
        if found.status_code in (400, 404):
            raise MediaGone("gone")
        if found.status_code != 200:
            raise Maybe(f"http_{found.status_code}")
        told = json_of(found)
        url = text(told.get("url"))
        if not self._may_be_asked(url):
            raise MediaGone("foreign_address")
        if isinstance(told.get("file_size"), int) and told["file_size"] > most:
            raise MediaGone("too_large")
        content = content_of(self._asked(url, bearer, stream=True), most)
        if not _same(content, media.sha256 or text(told.get("sha256"))):
            raise Maybe("cut_off")
        return Fetched(content, text(told.get("mime_type")))

    def _asked(self, url: str, headers: dict[str, str], **options: Any) -> Any:
        try:
            return ask(self._client, "GET", url, headers=headers, **options)
        except Refused as refused:
            raise Maybe(refused.code) from None

    def _may_be_asked(self, url: str) -> bool:
        """The token is shown to the provider's own hosts alone, whatever a look-up answers."""
        try:
            parts, own = urlsplit(url), urlsplit(self._number.api)
        except ValueError:
            return False
        if (parts.scheme, parts.netloc) == (own.scheme, own.netloc):
            return True
        host = parts.hostname or ""
        return parts.scheme == "https" and any(host.endswith(each) for each in _HOSTS)


def _same(content: bytes, told: str) -> bool:
    """Whether a content is what was announced; the provider writes its digest in hexadecimal or in base64."""
    if not told:
        return True
    digest = sha256(content).digest()
    if told.lower() == digest.hex():
        return True
    try:
        return base64.b64decode(told, validate=True) == digest
    except (binascii.Error, ValueError):
        return False
