"""Looking for words where they must not be: as they are, in another case, or thinly disguised."""

import base64
import re
from collections.abc import Iterable
from functools import cache
from typing import Any, Final

_MUCH: Final = 1 << 20
"""Bytes from which on it is quicker to look for all words at once, in one passage."""

_CERTAIN: Final = 8
"""Signs of base64 that do not come together by chance in what was sealed, as four have done."""


def holds(kept: bytes, words: tuple[str, ...]) -> list[str]:
    """Which of these words are in there."""
    lower = kept.lower()
    if len(kept) > _MUCH and not _any_of(words, small=True).search(lower):
        capitals = _any_of(words, small=False)
        if not capitals.pattern or not capitals.search(kept):
            return []
    return [word for word in words if any(form in (lower if small else kept) for form, small in _forms(word))]


@cache
def _forms(word: str) -> list[tuple[bytes, bool]]:
    """What to look for, and whether it has no capitals: it is then looked for where everything is in small letters."""
    written, plain = word.encode(), word.lower().encode()
    bare = {written.lower(), plain, plain.hex().encode(), written.hex().encode()}
    # In base64 a text looks in three ways, by where it stands.
    coded = {form for skip in range(3) if len(form := _coded(written, skip)) >= _CERTAIN}
    return [(form, form == form.lower()) for form in sorted(bare | coded)]


def _coded(written: bytes, skip: int) -> bytes:
    """In base64 so many bytes after a third one, without the signs in which its neighbours have a part."""
    whole = base64.b64encode(b"x" * skip + written)
    return whole[-(-8 * skip // 6) : 8 * (skip + len(written)) // 6]


@cache
def _any_of(words: tuple[str, ...], *, small: bool) -> re.Pattern[bytes]:
    """Finds whether any of their forms is there; what they begin with alike is looked at once."""
    return re.compile(_told(_tree(form for word in words for form, low in _forms(word) if low == small)))


def _tree(forms: Iterable[bytes]) -> dict[int, Any]:
    root: dict[int, Any] = {}
    for form in forms:
        node = root
        for byte in form:
            node = node.setdefault(byte, {})
        node[_END] = {}
    return root


_END: Final = -1


def _told(node: dict[int, Any]) -> bytes:
    """As a pattern. What goes on where a form has ended is found by that form."""
    if _END in node:
        return b""
    ways = [re.escape(bytes([byte])) + _told(rest) for byte, rest in sorted(node.items())]
    return ways[0] if len(ways) == 1 else b"(?:" + b"|".join(ways) + b")" if ways else b""
