"""What if: a draft of a procedure or of a calendar, tried on what has happened; for administrators."""

from typing import Any, Final

from flask import Response, request

from portal.access import caller
from portal.pages.frame import saying
from portal.pages.frame.forms import Filled, faults_of, typed
from portal.pages.frame.language import gettext as _
from portal.pages.frame.page import instant_at, page, pages
from portal.pages.officer import visits
from portal.pages.officer.accounts import require_administrator
from portal.parts import parts
from shared.base.errors import Invalid
from shared.domain.tenants import Tenant
from shared.wording.codes import field_message

_MONTHS: Final = ("1", "3", "6", "12")
_MOST: Final = 2000
"""Complaints that a page replays, the latest first; the command takes more."""
_LARGEST: Final = 512 * 1024

blueprint = pages("andai", __name__, "/<tenant>/kelola/andai", first=(visits.require_visit, require_administrator))


@blueprint.route("")
def form(tenant: str) -> Response:
    """Choose a draft."""
    del tenant
    return _shown(Filled({"months": "3"}))


@blueprint.route("", methods=["POST"])
def tried(tenant: str) -> Response:
    """Replay the last months under it. Nothing of it is kept, and nothing changes."""
    given = typed(("months",))
    months = given.value("months") if given.value("months") in _MONTHS else "3"
    try:
        texts = {name: text_sent(name) for name in ("sop", "calendar")}
        if not any(texts.values()):
            return _shown(given.with_faults({"sop": _("Pilih rancangan prosedur atau kalender")}), status=422)
        told = replayed(parts().home(tenant), int(months), **texts)
    except Invalid as error:
        return _shown(given.with_faults(faults_of(error)), status=422)
    return _shown(given, told, 422 if "broken" in told else 200)


def replayed(home: Tenant, months: int, **draft: Any) -> dict[str, Any]:
    """The last months under a draft, beside what they were.

    :param draft: ``sop`` and ``calendar`` as texts, or a ``decree``.
    :raises Invalid: if it is none that can be tried.
    """
    wanted: dict[str, Any] = {"sop": None, "calendar": None, **draft, "months": months, "most": _MOST}
    told = parts().gateway.what_if(home.id, wanted, caller())
    told["since"] = saying.full_day(instant_at(told["since"], home).date())
    return told


def text_sent(name: str) -> str | None:
    """The text of a file that was sent; none if none was.

    :raises Invalid: if it is no text, or too large for a procedure.
    """
    sent = request.files.get(name)
    if sent is None or not sent.filename:
        return None
    content = sent.stream.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        raise Invalid("invalid_fields", fields={name: [field_message("file_too_large", max=_LARGEST)]})
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise Invalid("invalid_fields", fields={name: ["not_a_text"]}) from None


def _shown(given: Filled, told: dict[str, Any] | None = None, status: int = 200) -> Response:
    return page(
        "officer/what_if.html",
        status,
        desk=True,
        form=given,
        told=told,
        months=[(each, _("%(n)s bulan terakhir", n=each)) for each in _MONTHS],
        most=_MOST,
    )
