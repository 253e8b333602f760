"""A form that was sent after what it belongs to had been closed: sealed into the page that asks to open it again, and
shown anew, filled in, once that is done. It is never sent by itself, and files are not kept: no page can hold them.
"""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any, Final, Literal

from flask import request

from portal.pages.frame.cookies import sealed, unsealed
from portal.pages.frame.forms import files_sent
from portal.pages.frame.language import gettext as _

LEFT: Final = "titipan"
"""The field in which it waits."""

_KEPT_FOR: Final = timedelta(hours=12)

Where = Literal["path", "ticket", "own"]
"""By what a form tells where it belongs: the address of an officers' page, a complaint, or a form of an account."""


def leave(about: Mapping[str, str], besides: Collection[str]) -> str:
    """The form that was just sent, sealed.

    :param about: where it belongs.
    :param besides: the names of fields that are not kept.
    """
    fields = {name: text for name, text in request.form.items() if name not in besides}
    return sealed(LEFT, {**about, "fields": fields, "files": files_sent()})


def left(given: str | None, where: Where) -> dict[str, Any] | None:
    """What was sealed: where it belongs, ``fields``, and whether there were ``files``; none if there is none any more,
    or it waits at another door.

    :param given: what :func:`leave` made.
    :param where: by what it tells where it belongs, if it waits here.
    """
    said = unsealed(LEFT, given, _KEPT_FOR) if given else None
    return said if said is not None and where in said else None


def ended_words() -> str:
    """Why somebody is to enter again, and that nothing was lost."""
    return _("Sesi Anda berakhir. Masuk lagi; tulisan Anda belum terkirim dan masih ada.")
