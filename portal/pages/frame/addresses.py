"""Addresses in pages: how one is written is learned once for each page that it leads to, and filled in from then on.

A page holds up to a hundred of them. To have each built anew took as long as a tenth of the page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

from flask import Flask, current_app, request

from portal.pages.frame.government import named
from portal.pages.frame.present import kept

_EXTENSION: Final = "aduan.addresses"
_STANDS_FOR: Final = 70_000_701
"""Numbers from this on stand where values come: no address of ours holds them, and a part of one may be a number."""

_Pattern = tuple[tuple[str, ...], tuple[str, ...]]
"""The words between the values, and the values' names in the order in which they come."""


@dataclass(frozen=True)
class _Here:
    """Where the present page stands.

    :param government: that its address names.
    :param root: what stands before all addresses of ours.
    :param known: what was learned by this application.
    """

    government: str | None
    root: str
    known: dict[tuple[str, ...], _Pattern | None]


def install(app: Flask) -> None:
    """Let the application's templates write addresses by ``url_for``, as Flask's own does."""
    app.extensions[_EXTENSION] = {}
    app.jinja_env.globals["url_for"] = address


def address(endpoint: str, **values: Any) -> str:
    """The address of a page, of the present government unless another is named; as :func:`flask.url_for` builds it.

    :param values: for its parts, others behind the ``?``; none is left out.
    :raises werkzeug.routing.BuildError: if there is no such page, or a part of its address is missing.
    """
    told = _plain(values) if endpoint[0] != "." else None  # one beside the present page is that page's to tell
    if told is None:
        return current_app.url_for(endpoint, **values)
    stands = _here()
    here = stands.government if "tenant" not in told else None
    key = (endpoint, stands.root, "" if here is None else "here", *told)
    if key not in stands.known:
        stands.known[key] = _learned(endpoint, told, here)
    pattern = stands.known[key]
    if pattern is None:
        return current_app.url_for(endpoint, **values)
    if here is not None:
        told["tenant"] = here
    words, names = pattern
    return "".join(chain.from_iterable(zip(words, (*(told[name] for name in names), ""), strict=True)))


def _here() -> _Here:
    """Found once for all the addresses of a page."""
    page = kept()
    try:
        found: _Here = page.here
    except AttributeError:
        root = request.environ.get("SCRIPT_NAME", "")
        page.here = found = _Here(named(), root, current_app.extensions[_EXTENSION])
    return found


def _plain(values: Mapping[str, Any]) -> dict[str, str] | None:
    """The values as they stand in an address; none if one of them is written differently there."""
    told = {}
    for name, value in values.items():
        if value is None:
            continue
        text = str(value) if type(value) is int else value
        if type(text) is not str or name[0] == "_" or not (text.isascii() and text.replace("-", "").isalnum()):
            return None
        told[name] = text
    return told


def _learned(endpoint: str, told: Mapping[str, str], here: str | None) -> _Pattern | None:
    """How the address is written; none if that cannot be told apart from its values."""
    expected = here is not None and current_app.url_map.is_endpoint_expecting(endpoint, "tenant")
    stands: dict[str, Any] = {
        name: str(_STANDS_FOR + place) for place, name in enumerate([*told, *(("tenant",) if expected else ())])
    }
    try:
        written = current_app.url_for(endpoint, **stands)
    except ValueError:  # a part of it is one of a few words
        return None
    if any(written.count(each) != 1 for each in stands.values()):
        return None
    names = sorted(stands, key=lambda name: written.index(stands[name]))
    return _words(written, [stands[name] for name in names]), tuple(names)


def _words(written: str, values: Sequence[str]) -> tuple[str, ...]:
    words = []
    for value in values:
        before, _, written = written.partition(value)
        words.append(before)
    return (*words, written)
