"""Header lines of a mail that come back as they were sent, whatever stands in them (RFC 2047, RFC 5322).

The standard library folds a long header that is not ASCII at its blanks and loses or doubles some of them (cpython
#92081, #144156). So what is not plain and short is written as encoded words throughout: a reader drops what stands
between two encoded words, and joins what stands in them.
"""

import re
from base64 import b64encode
from collections.abc import Iterator
from email.headerregistry import Address

_PLAIN = re.compile(r"[!-~]+(?: [!-~]+)*")
"""What every reader takes as it stands: printable ASCII, single blanks, none at the ends."""
_LONGEST_PLAIN = 60
_OCTETS = 45
"""In base64 60 characters: with ``=?utf-8?B?`` and ``?=`` 72, below the 75 that an encoded word may have."""
_OCTETS_OF_FIRST = 33
"""In base64 44 characters: the header's name comes before it, and a line may have 76."""
_OCTETS_OF_NAME = 42
"""As much as fits behind ``From: ``: in a name, the library's reader puts a blank between two encoded words."""


def encoded(text: str, first: int = _OCTETS_OF_FIRST) -> str:
    """A text as a header's unstructured value, folded; the name and a colon of up to 20 characters come before it.

    Controls, which no header may hold, become blanks; half of a surrogate pair, which is no character, a question mark.

    :param first: how many octets may stand in the first line.
    """
    clean = "".join(" " if ord(sign) < ord(" ") or ord(sign) == 0x7F else sign for sign in text)
    plain = _PLAIN.fullmatch(clean) is not None and "=?" not in clean and len(clean) <= _LONGEST_PLAIN
    if plain or not clean:
        return clean
    return "\r\n ".join(f"=?utf-8?B?{b64encode(part).decode()}?=" for part in _parts(clean, first))


def mailbox(address: Address) -> str:
    """A mailbox with its name, as a header's value.

    An address that is not ASCII stays as it is (RFC 6532): only a server that takes such addresses is handed it.
    """
    name = address.display_name
    if not name:
        return address.addr_spec
    quoted = str(Address(display_name=name, addr_spec="x@x")).removesuffix(" <x@x>")
    return f"{quoted if encoded(name) == name else encoded(name, _OCTETS_OF_NAME)}\r\n <{address.addr_spec}>"


def _parts(text: str, room: int) -> Iterator[bytes]:
    """The text in UTF-8, cut between characters: each encoded word stands for itself."""
    part = b""
    for sign in text:
        octets = sign.encode("utf-8", errors="replace")
        if len(part) + len(octets) > room:
            yield part
            part, room = b"", _OCTETS
        part += octets
    yield part
