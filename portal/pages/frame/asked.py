"""What an address asks of its page behind the ``?``: what is odd there is never taken for something else, nor unsaid.

A choice that the page does not know is left out, and the page says so above all it shows then. What no link of ours
could have said (twice the same, signs that cannot be seen, a text without end) is refused, as the API refuses it. What
a page does not ask for (others add to links what they count by) is nobody's concern.
"""

from collections.abc import Collection, Mapping
from typing import Final
from urllib.parse import urlencode

from flask import g, request
from marshmallow import ValidationError
from werkzeug.datastructures import MultiDict

from portal.arguments import once_each
from portal.pages.frame.language import CHOICE
from shared.base.blank import says_nothing
from shared.domain.complaint.spelling import ticket_of
from shared.domain.tenants import Tenant
from shared.wording.catalogue import LANGUAGES
from shared.wording.coded_schema import Text, invalid_of

_LEFT_OUT: Final = "left_out"
_TEXT: Final = Text(most=500, load_default=None)


def one(name: str) -> str | None:
    """What was asked under a name.

    :returns: none if nothing was, or something that says nothing.
    :raises Invalid: if it was asked twice, or is nothing that a person writes.
    """
    try:
        return _TEXT.deserialize(once_each(MultiDict([(name, each) for each in request.args.getlist(name)])).get(name))
    except ValidationError as error:
        raise invalid_of(ValidationError({name: error.messages})) from None


def choice(name: str, among: Collection[str]) -> str | None:
    """One of a few words, if one of them was asked for; another word is left out, and that is said.

    :raises Invalid: as :func:`one`.
    """
    said = one(name)
    if said is None or said in among:
        return said
    leave_out(name)
    return None


def done(words: Mapping[str, str]) -> str | None:
    """What was just done, in words: the page that did it leads on with ``kabar`` in its address.

    :param words: by what may stand there.
    :raises Invalid: as :func:`one`.
    """
    return words.get(choice("kabar", words) or "")


def several(name: str, among: Collection[str]) -> tuple[str, ...]:
    """Any of some words, each asked for by itself under one name; another word is left out, and that is said.

    :raises Invalid: if one is nothing that a person writes.
    """
    found: list[str] = []
    for each in request.args.getlist(name):
        try:
            said = _TEXT.deserialize(each)
        except ValidationError as error:
            raise invalid_of(ValidationError({name: error.messages})) from None
        if said in among:
            found.append(said)
        elif said is not None:
            leave_out(name)
    return tuple(dict.fromkeys(found))


def brought(names: Collection[str]) -> dict[str, str]:
    """What another site has sent somebody back with, as it stands: a program wrote it. What comes twice is left out."""
    return {name: request.args[name] for name in names if len(request.args.getlist(name)) == 1}


def ticket(name: str, home: Tenant) -> str | None:
    """A ticket of the government's, as it is written; anything else is left out, and that is said.

    :raises Invalid: as :func:`one`.
    """
    said = one(name)
    number = ticket_of(said or "", home.ticket_prefixes)
    if said is not None and "-" not in number:
        leave_out(name)
    return number if "-" in number else None


def note_language() -> None:
    """A language that there is not is left out; also on the page of an error, hence refused by none."""
    if any(not says_nothing(each) and each not in LANGUAGES for each in request.args.getlist(CHOICE)):
        leave_out(CHOICE)


def here_in(language: str) -> str:
    """The present address in another language, with all that was asked of it."""
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != CHOICE]
    return f"{request.path}?{urlencode([*kept, (CHOICE, language)])}"


def leave_out(name: str) -> None:
    """Note that what was asked under a name was not heeded."""
    if name not in left_out():
        g.left_out = (*left_out(), name)


def left_out() -> tuple[str, ...]:
    """The names of what was not heeded, to be said on the page."""
    found: tuple[str, ...] = g.get(_LEFT_OUT, ())
    return found
