"""For what a dossier is opened: whoever administers the installation is asked before what citizens wrote is shown."""

from collections.abc import Sequence
from typing import Final

from flask import Response, request

from portal.access import caller
from portal.pages.frame import asked
from portal.pages.frame.page import page
from portal.pages.officer.words import reading_words
from shared.application.readings.recording import GIVEN

_WHY: Final = "alasan"


def said_why() -> str | None:
    """What the reader says they look for, if they have said it; in the address, or in a form."""
    if request.method == "POST":
        said = request.form.get(_WHY)
        return said if said in GIVEN else None
    return asked.choice(_WHY, GIVEN)


def must_say() -> bool:
    """Whether the reader is one who is asked, and has not said it yet."""
    return caller().admin and said_why() is None


def ask(address: str, ticket: str | None = None, sent: Sequence[tuple[str, str]] = ()) -> Response:
    """The page on which it is said; nothing is read until then.

    :param address: where it goes on.
    :param ticket: of which complaint, where it is one.
    :param sent: what was posted, to be posted again.
    """
    return page(
        "officer/why.html",
        desk=True,
        ticket=ticket,
        sent=sent,
        address=address,
        whys=whys(),
    )


def whys() -> list[tuple[str, str]]:
    """What may be said, with its words."""
    return [(each, reading_words(each)) for each in GIVEN]
