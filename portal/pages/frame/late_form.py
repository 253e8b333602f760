"""A form that was sent after what it belongs to had been closed: sealed into the page that asks to open it again, and
shown anew, filled in, once that is done. It is never sent by itself, and files are not kept: no page can hold them.
"""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any, Final

from flask import request

from portal.pages.frame.cookies import sealed, unsealed
from portal.pages.frame.forms import files_sent

LEFT: Final = "titipan"
"""The field in which it waits."""

_KEPT_FOR: Final = timedelta(hours=12)


def leave(about: Mapping[str, str], besides: Collection[str]) -> str:
    """The form that was just sent, sealed.

    :param about: where it belongs.
    :param besides: the names of fields that are not kept.
    """
    fields = {name: text for name, text in request.form.items() if name not in besides}
    return sealed(LEFT, {**about, "fields": fields, "files": files_sent()})


def left(given: str | None) -> dict[str, Any] | None:
    """What was sealed: where it belongs, ``fields``, and whether there were ``files``; none if there is none any more.

    :param given: what :func:`leave` made.
    """
    return unsealed(LEFT, given, _KEPT_FOR) if given else None
