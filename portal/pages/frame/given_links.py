"""Links that a reporter gave instead of files: shown to a desk as they were written, and never opened by us."""

import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

_OF_THE_WEB: Final = re.compile(r"https?://[^\s<>\"]+\Z", re.IGNORECASE)


def given_links(attachments: Sequence[str] | None) -> list[str]:
    """Those of a complaint's attachments that are addresses of the web, each once; others are names of files.

    :param attachments: as they were given; none if none were.
    """
    return list(dict.fromkeys(each for each in attachments or () if _is_link(each)))


def _is_link(text: str) -> bool:
    if not _OF_THE_WEB.match(text):
        return False
    try:
        return bool(urlsplit(text).hostname)
    except ValueError:
        return False
