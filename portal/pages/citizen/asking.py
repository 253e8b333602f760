"""The page that asks for ticket and code, and the form that waits on it: sent after the half hour in which its
complaint was open, it is shown again, filled in, once the code is given. It is never sent by itself.
"""

from dataclasses import dataclass
from typing import Final

from flask import Response

from portal.pages.frame import csrf
from portal.pages.frame.forms import KEY, Filled
from portal.pages.frame.language import gettext as _
from portal.pages.frame.late_form import LEFT, leave, left
from portal.pages.frame.page import page

_NOT_KEPT: Final = (csrf.FIELD, KEY)


@dataclass(frozen=True)
class LeftForm:
    """A form that came too late.

    :param what: its page, as its address calls it.
    :param files: whether there were files with it, which are not kept.
    """

    what: str
    filled: Filled
    files: bool


def ask_code(form: Filled, status: int = 200, *, wrong: bool = False, sentence: str | None = None) -> Response:
    """The page that asks.

    :param form: what was typed into it, and the form that waits.
    :param wrong: whether ticket and code did not fit.
    :param sentence: why it is asked.
    """
    return page("citizen/find.html", status, form=form, wrong=wrong, sentence=sentence, scripts=("code.js",))


def ask_code_again(ticket: str, what: str) -> Response:
    """The same, keeping the form that was just sent.

    :param what: the form's page, as its address calls it.
    """
    kept = leave({"ticket": ticket, "what": what}, _NOT_KEPT)
    told = _("Halaman aduan ini sudah tertutup. Masukkan kodenya lagi; tulisan Anda belum terkirim dan masih ada.")
    return ask_code(Filled({"ticket": ticket, LEFT: kept}), 401, sentence=told)


def left_form(form: Filled, ticket: str) -> LeftForm | None:
    """The form that waits for a complaint to be opened; none if there is none, or it is of another complaint."""
    said = left(form.value(LEFT), "ticket")
    if said is None or said["ticket"] != ticket:
        return None
    return LeftForm(said["what"], Filled(said["fields"]), said["files"])
