"""Several dossiers at once: printed together, or given one category. Never answered, returned or approved.

Each is a command of its own; what was refused is told beside what was done.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask import Response, request, url_for

from portal.access import caller
from portal.api.officers import dossier_id
from portal.correlation import request_id
from portal.pages.frame.ended import ended
from portal.pages.frame.forms import DEED, KEY, deed_of, sentence_of, version_of
from portal.pages.frame.language import gettext as _
from portal.pages.frame.page import instant_at, now_at, page, pages
from portal.pages.officer import reasons, visits
from portal.pages.officer.clocks import clocks
from portal.pages.officer.history import history
from portal.pages.officer.printing import printed_by
from portal.pages.officer.words import choice_words, mark_of, role_words, status_words
from portal.parts import parts
from shared.base.errors import AduanError
from shared.domain.tenants import Tenant

MOST: Final = 50
"""Dossiers at once; how many were chosen beyond these is said."""
_PRINT: Final = "print"

_CLASSIFY: Final = "classify"

blueprint = pages("bulk", __name__, "/<tenant>/meja/massal", first=(visits.require_visit,))


@dataclass(frozen=True)
class BulkOutcome:
    """What becomes, or became, of one of them.

    :param version: on which it was looked at; none where nothing can be done.
    """

    ticket: str
    title: str
    told: str
    version: int | None = None


@blueprint.route("", methods=["POST"])
def shown(tenant: str) -> Response:
    """All that were chosen, to be printed; or what a category would change, before anything is changed."""
    chosen, deed = list(dict.fromkeys(request.form.getlist("pilih"))), deed_of((_PRINT, "category"))
    if not chosen:
        return Response(status=303, headers={"Location": url_for("inbox.shown", pilih="kosong")})
    home = parts().home(tenant)
    if reasons.must_say():
        sent = [(name, request.form[name]) for name in (DEED, "category") if name in request.form]
        return reasons.ask(request.path, [*sent, *(("pilih", each) for each in chosen)])
    tickets, left = chosen[:MOST], len(chosen[MOST:])
    if deed == _PRINT:
        return _printed(tenant, tickets, left, home)
    category = home.entries.category(request.form.get("category"))
    rows = [_foreseen(tenant, ticket, category) for ticket in tickets]
    return page(
        "officer/bulk.html", desk=True, rows=rows, category=category, done=False, keys=KEY, left=left, most=MOST
    )


@blueprint.route("/kategori", methods=["POST"])
def done(tenant: str) -> Response:
    """Give each its category; what has changed meanwhile is left as it is."""
    home = parts().home(tenant)
    category = home.entries.category(request.form.get("category"))
    given = [each.partition("@") for each in request.form.getlist("pilih")[:MOST]]
    key = request.form.get(KEY) or request_id()
    rows = [_classified(tenant, ticket, version, category, f"{key}:{ticket}") for ticket, _at, version in given]
    return page("officer/bulk.html", desk=True, rows=rows, category=category, done=True, keys=KEY)


def _foreseen(tenant: str, ticket: str, category: str | None) -> BulkOutcome:
    try:
        view = _view(tenant, ticket)
    except AduanError as error:
        return BulkOutcome(ticket, "", sentence_of(error))
    title = view["complaint"]["title"]
    if category is None:
        return BulkOutcome(view["ticket"], title, _("Pilih kategori dulu."))
    offered = any(each["action"] == _CLASSIFY and each["actor"] in (None, caller().actor) for each in view["allowed"])
    if not offered:
        return BulkOutcome(view["ticket"], title, _("Di langkah ini kategorinya tidak dapat diubah."))
    if view["category"] == category:
        return BulkOutcome(view["ticket"], title, _("Kategorinya sudah begitu."))
    told = _("%(before)s menjadi %(after)s", before=view["category"] or _("(belum ditetapkan)"), after=category)
    return BulkOutcome(view["ticket"], title, told, view["version"])


def _classified(tenant: str, ticket: str, version: str, category: str | None, key: str) -> BulkOutcome:
    try:
        view = parts().gateway.act(
            tenant,
            dossier_id(tenant, ticket),
            action=_CLASSIFY,
            fields={"category": category} if category else {},
            version=version_of(version),
            caller=caller(),
            correlation_id=request_id(),
            key=key,
        )
    except AduanError as error:
        return BulkOutcome(ticket, "", sentence_of(error))
    parts().freshness.wrote(tenant, view["position"])
    return BulkOutcome(ticket, "", _("Sudah: %(category)s", category=category), view["version"])


def _printed(tenant: str, tickets: list[str], left: int, home: Tenant) -> Response:
    now = now_at(home)
    dossiers = []
    for ticket in tickets:
        view = _view(tenant, ticket)
        holder = None if view["actor"] is None else role_words(view, home)
        dossiers.append(
            {
                "view": view,
                "history": history(view, home, now),
                "clocks": clocks(view, home, now),
                "mark": mark_of(view["privacy"]),
                "status_words": status_words(view["status"]),
                "filed": instant_at(view["filed_at"], home),
                "holder": holder,
                "ended": ended(view, home, now),
            }
        )
    told: dict[str, Any] = {"dossiers": dossiers, "choice_words": choice_words, "now": now, "left": left, "most": MOST}
    return page("officer/printed_many.html", desk=True, printed_by=printed_by, **told)


def _view(tenant: str, ticket: str) -> Mapping[str, Any]:
    return parts().gateway.dossier(tenant, dossier_id(tenant, ticket), caller(), reasons.said_why())
