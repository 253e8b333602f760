"""Who opened personal data of a government's complaints, for whoever administers the installation."""

from flask import Response, request, url_for

from portal.access import caller
from portal.api.officers import dossier_id
from portal.pages.frame import saying
from portal.pages.frame.forms import Filled, faults_of, typed
from portal.pages.frame.language import gettext as _
from portal.pages.frame.page import instant_at, now_at, page, pages
from portal.pages.officer import visits
from portal.pages.officer.accounts import require_administrator
from portal.pages.officer.words import reading_words
from portal.parts import parts
from shared.base.errors import Invalid, NotFound
from shared.wording.coded_schema import CodedSchema, Text, load_coded

_ROWS = 50
_NONE: dict[str, object] = {"items": [], "next": None}
_FIRST = (visits.require_visit, require_administrator)


class _Narrowing(CodedSchema):
    ticket = Text(most=200, load_default=None)
    user = Text(most=200, load_default=None)


blueprint = pages("pembacaan", __name__, "/<tenant>/kelola/pembacaan", first=_FIRST)


@blueprint.route("", methods=["GET", "POST"])
def shown(tenant: str) -> Response:
    """The readings, the latest first; a form narrows them, so that no name stands in an address."""
    form = typed(("ticket", "user")) if request.method == "POST" else Filled()
    home = parts().home(tenant)
    try:
        load_coded(_Narrowing(), dict(form.values))
        of = dossier_id(tenant, form.value("ticket")) if form.value("ticket").strip() else None
        asked = {
            "account": form.value("user").strip().lower() or None,
            "after": request.form.get("sesudah") or None,
            "limit": _ROWS,
        }
        told = parts().gateway.readings(tenant, of, asked, caller())
    except NotFound:
        return _page(form.with_faults({"ticket": _("Tidak ada aduan dengan nomor ini")}), _NONE, 404)
    except Invalid as error:
        return _page(form.with_faults(faults_of(error)), _NONE, 422)
    now = now_at(home)
    for each in told["items"]:
        each["when"] = saying.moment(instant_at(each["at"], home), now)
        each["role"] = home.sop.actor(each["actor"]).title if home.sop.has_actor(each["actor"]) else each["actor"]
        each["office"] = home.agency_name(each["agency"])
        each["link"] = url_for("dossier.shown", ticket=each["ticket"]) if each["ticket"] else None
    return _page(form, told)


def _page(form: Filled, told: dict[str, object], status: int = 200) -> Response:
    return page("officer/readings.html", status, desk=True, form=form, told=told, words=reading_words)
