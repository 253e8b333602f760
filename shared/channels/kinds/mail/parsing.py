"""A mail as its bytes say: heads, addresses, ids and parts, none of which can be believed to be right.

Sources: RFC 5322 (heads and ids), RFC 2045 to 2047 (parts and encoded words).
"""

import binascii
import codecs
import re
from base64 import b64decode
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import Message
from email.utils import parseaddr
from itertools import islice
from quopri import decodestring
from typing import Final

MOST_PARTS: Final = 500
MOST_DEPTH: Final = 20
_MOST_HEADS: Final = 50
_LONGEST_HEAD: Final = 20_000
"""Of each name so many are read, and so many characters of each."""
_LONGEST_ADDRESS: Final = 254
_WORD: Final = re.compile(r"=\?([A-Za-z0-9._:-]{1,40})(?:\*[A-Za-z-]*)?\?([BbQq])\?([^?\s]{0,2000})\?=")
_BETWEEN: Final = re.compile(r"\s*")
_ID: Final = re.compile(r"<\s*([^<>\s]{1,200})\s*>")
_ADDRESS: Final = re.compile(r"[^\s@<>()\",;:\\]+@[^\s@<>()\",;:\\]+\.[^\s@<>()\",;:\\]+\Z")

_NO_CHARSETS: Final = frozenset(
    {"punycode", "idna", "unicode_escape", "raw-unicode-escape", "unicode-escape", "undefined"}
)
"""Names of Python's that no mail means: some of them take hours over a long text."""


class TooMuch(Exception):
    """A mail of more parts, or deeper ones, than a person sends."""


def parsed(raw: bytes) -> Message:
    """A mail.

    :raises TooMuch: see there.
    """
    message = message_from_bytes(raw, policy=policy.compat32)
    for place, _ in enumerate(_walk(message, 0)):
        if place >= MOST_PARTS:
            raise TooMuch
    return message


def _walk(message: Message, depth: int) -> Iterator[Message]:
    if depth > MOST_DEPTH:
        raise TooMuch
    yield message
    parts = message.get_payload()
    if isinstance(parts, list):
        for part in parts:
            if isinstance(part, Message):
                yield from _walk(part, depth + 1)


def head(message: Message, name: str) -> str:
    """A head in words, of one line; blank if there is none."""
    return line(words(_first(message, name)))


def heads(message: Message, name: str) -> list[str]:
    """All heads of a name, as they were written."""
    return [line(each) for each in _written(message, name)]


def _first(message: Message, name: str) -> str:
    return next(_written(message, name), "")


def _written(message: Message, name: str) -> Iterator[str]:
    """Heads as they stand there, in UTF-8 or what else it may be, where they should be in ASCII."""
    found = (value for each, value in message.raw_items() if each.lower() == name.lower())
    for value in islice(found, _MOST_HEADS):
        yield _decoded(str(value)[:_LONGEST_HEAD].encode("utf-8", "surrogateescape"), "utf-8")


def line(text: str) -> str:
    """A text in one line, without controls and signs that reorder what is read."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def words(text: str) -> str:
    """A text with its encoded words decoded; neighbours in one character set are joined before they are decoded."""
    found: list[str] = []
    place, charset, octets = 0, "", b""
    for word in _WORD.finditer(text):
        between = text[place : word.start()]
        if charset and not _BETWEEN.fullmatch(between):
            found.append(_decoded(octets, charset))
            charset, octets = "", b""
        if not charset and between:
            found.append(between)
        if charset and charset != word[1].lower():
            found.append(_decoded(octets, charset))
            octets = b""
        charset = word[1].lower()
        octets += _octets(word[2], word[3])
        place = word.end()
    if charset:
        found.append(_decoded(octets, charset))
    return "".join([*found, text[place:]])


def _octets(encoding: str, text: str) -> bytes:
    if encoding in "Qq":
        return decodestring(text.encode("ascii", "replace"), header=True)
    try:
        return b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return text.encode("utf-8", "replace")


def _decoded(octets: bytes, charset: str) -> str:
    """Text of whatever was named; what is not of that set, or of none that there is, as it most likely was meant."""
    for each in (charset, "utf-8"):
        try:
            if codecs.lookup(each).name not in _NO_CHARSETS:
                return octets.decode(each)
        except (LookupError, UnicodeError, ValueError):
            continue
    return octets.decode("cp1252", "replace")


def text_of(part: Message) -> str:
    """The text of a part; blank if it has none."""
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    text = _decoded(payload, part.get_content_charset("utf-8")).replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in text if sign in "\n\t" or ord(sign) >= ord(" ")).replace("\x7f", "")


def content_of(part: Message) -> bytes:
    """The content of a part that is a file."""
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def sender(message: Message) -> tuple[str, str]:
    """Who wrote: the address in small letters, and the name; both blank of what is no address."""
    given = head_as_written(message, "From")
    name, address = parseaddr(given)
    address = address.strip()
    if len(address) > _LONGEST_ADDRESS or not _ADDRESS.match(address):
        return "", ""
    name = line(words(name))
    return address.lower(), "" if "@" in name else name[:100]


def head_as_written(message: Message, name: str) -> str:
    """A head without decoding: an encoded word may hold what separates addresses."""
    return line(_first(message, name))


def ids(message: Message, *names: str) -> list[str]:
    """The ids in heads, without their brackets, in the order of the heads."""
    return [found for name in names for each in heads(message, name) for found in _ID.findall(each)]


def id_of(message: Message) -> str:
    """A mail's own id; blank if it has none that is one."""
    return next(iter(ids(message, "Message-ID")), "")
