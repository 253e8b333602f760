"""Words that a gateway hands over as the bytes of the message: UTF-16 where a letter needed it, or an alphabet of one
byte a letter. Whatever takes addresses and forms for UTF-8 spoils them.
"""

import re
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from shared.channels.halves import MARK
from shared.channels.incoming import Request

_TWO_BYTES: Final = frozenset({"2", "8"})
"""What a coding is called in which each letter has two bytes: by Kannel, and by SMPP."""
_TWO_BYTE_SETS: Final = frozenset({"UCS2", "UTF16BE", "UTF16"})
_ONE_BYTE_SETS: Final = frozenset({"WINDOWS1252", "CP1252", "ISO88591", "LATIN1"})
_HEX: Final = re.compile(r"(?:[0-9A-Fa-f]{4})+")
_FORM: Final = "application/x-www-form-urlencoded"


def octets_of(request: Request, name: str, coding: str) -> str:
    """The bytes of a field of an address or a form, in hexadecimal; blank where its text is all there is to know.

    :param coding: as the gateway tells it.
    """
    form = request.headers.get("content-type", "").startswith(_FORM)
    written = (urlsplit(request.url).query, request.body.decode("latin-1") if form else "")
    given = [pair for each in written for pair in parse_qsl(each, keep_blank_values=True, encoding="latin-1")]
    found = dict(given).get(name, "").encode("latin-1", "replace")
    return found.hex() if coding in _TWO_BYTES or b"\0" in found or not _is_utf8(found) else ""


def decoded(text: str, coding: str, charset: str, octets: str = "") -> str:
    """A text as it was written, of what a gateway says of its bytes.

    :param text: as it was read, which may itself be bytes of UCS-2 written in hexadecimal.
    :param charset: as the gateway calls it; blank if it does not say.
    :param octets: as :func:`octets_of` tells them.
    :returns: with halves of letters, where a part was cut between them, and with a mark where bytes were no text.
    """
    named, raw = charset.upper().replace("-", "").replace("_", ""), bytes.fromhex(octets)
    # In no other alphabet is there such a byte, whatever the gateway says or leaves unsaid.
    if b"\0" in raw:
        return _of_two_bytes(raw)
    # An emoji alone has none: what is no UTF-8 has not been recoded, unless to an alphabet that is named.
    recoded = named in _ONE_BYTE_SETS or _is_utf8(raw)
    two_bytes = coding in _TWO_BYTES and (named in _TWO_BYTE_SETS or not recoded)
    written = text.strip()
    if (two_bytes or (coding in _TWO_BYTES and not named)) and _HEX.fullmatch(written):
        return _of_two_bytes(bytes.fromhex(written))
    if two_bytes and raw:
        return _of_two_bytes(raw)
    return raw.decode("cp1252", "replace") if raw and named in _ONE_BYTE_SETS else text


def of_one_byte(text: str, octets: bytes) -> str:
    """A text of an alphabet of one byte a letter, which was read as if it were UTF-8."""
    return text if _is_utf8(octets) else octets.decode("cp1252", "replace")


def _of_two_bytes(raw: bytes) -> str:
    whole = raw[: len(raw) // 2 * 2].decode("utf-16-be", "surrogatepass")
    return whole if len(raw) % 2 == 0 else whole + MARK


def _is_utf8(octets: bytes) -> bool:
    try:
        octets.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return False
    return True
