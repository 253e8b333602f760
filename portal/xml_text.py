"""Texts for XML: people write characters that it has no place for, and one makes a document unreadable."""

import re
from typing import Final

_NO_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """A text without them (XML 1.0, production 2)."""
    return _NO_XML.sub("", text)
