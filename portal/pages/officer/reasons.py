"""For what a dossier is opened: whoever administers the installation is asked before what citizens wrote is shown."""

from collections.abc import Sequence
from typing import Final

from flask import Response, request

from portal.access import caller
from portal.api.officers import dossier_id
from portal.pages.frame import asked
from portal.pages.frame.page import page
from portal.pages.officer.words import reading_words
from portal.parts import parts
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


def ask_of(tenant: str, ticket: str, address: str, status: int = 200, told: str | None = None) -> Response:
    """The page on which it is said for what one dossier is opened; nothing of it is read until then.

    :param address: where it goes on.
    :param status: of the answer, where something was sent that was not carried out.
    :param told: why it was not.
    :raises NotFound: there is no such dossier.
    :raises Forbidden: it is none that the reader may open.
    """
    parts().gateway.latest(tenant, dossier_id(tenant, ticket), caller())
    return _asking(address, ticket=ticket, status=status, told=told)


def ask(address: str, sent: Sequence[tuple[str, str]]) -> Response:
    """The page on which it is said for what several are opened.

    :param address: where it goes on.
    :param sent: what was posted, to be posted again.
    """
    return _asking(address, sent=sent)


def _asking(
    address: str,
    *,
    ticket: str | None = None,
    sent: Sequence[tuple[str, str]] = (),
    status: int = 200,
    told: str | None = None,
) -> Response:
    return page(
        "officer/why.html",
        status,
        desk=True,
        ticket=ticket,
        sent=sent,
        told=told,
        address=address,
        whys=whys(),
    )


def whys() -> list[tuple[str, str]]:
    """What may be said, with its words."""
    return [(each, reading_words(each)) for each in GIVEN]
