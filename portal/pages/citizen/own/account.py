"""A citizen's account: all complaints in one list, the identity that is given once, and the way to erase it all."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Response, request, url_for

from portal import citizens, tries
from portal.pages.citizen import keeping
from portal.pages.citizen.own import door, holding
from portal.pages.citizen.receipt import grouped
from portal.pages.frame import asked, csrf, saying
from portal.pages.frame.forms import Filled, typed
from portal.pages.frame.language import gettext as _
from portal.pages.frame.page import instant_at, now_at, page, pages
from portal.pages.frame.words import field_words
from portal.pages.officer.words import status_words
from portal.parts import parts
from shared.application.citizens.accounts import IDENTITY
from shared.base.errors import NotFound
from shared.domain.complaint.spelling import code_of, ticket_of

_LONGEST = 200
_AGREED = "setuju"

blueprint = pages("warga", __name__, "/<tenant>/saya", first=(door.require_citizen,))


@blueprint.route("")
def shown(tenant: str) -> Response:
    """All complaints of the account, and who one is."""
    return _page(tenant, Filled())


@blueprint.route("/buka", methods=["POST"])
def open_one(tenant: str) -> Response:
    """Open one of them, without its code being typed."""
    found = citizens.complaints().find(holding.present(), request.form.get("ticket", ""))
    response = Response(status=303, headers={"Location": url_for("tracking.opened", ticket=found.ticket)})
    keeping.open_for(response, tenant, found.ticket, found.code)
    return response


@blueprint.route("/tautkan", methods=["POST"])
def link(tenant: str) -> Response:
    """Put a complaint that was filed without the account into the list, by its code."""
    form = typed(("ticket", "code"))
    number = ticket_of(form.value("ticket")[:_LONGEST], parts().home(tenant).ticket_prefixes)
    code = code_of(form.value("code")[:_LONGEST])
    told = Filled({"ticket": form.value("ticket")})
    if not number or not code:
        return _page(tenant, told.with_faults({"ticket": _("Tulis nomor tiket dan kode lacaknya")}), 422)
    try:
        with tries.opening(f"{tenant}/{number}"):
            parts().freshness.catch_up(tenant, "intake")
            citizens.linked(holding.present(), tenant, number, code)
    except NotFound:
        wrong = _("Nomor tiket atau kode tidak cocok. Periksa lagi keduanya.")
        return _page(tenant, told.with_faults({"ticket": wrong}), 404)
    return Response(status=303, headers={"Location": url_for("warga.shown", kabar="ditautkan")})


@blueprint.route("/lepas", methods=["POST"])
def unlink(tenant: str) -> Response:
    """Take one out of the list; the complaint stays, under its code."""
    del tenant
    citizens.complaints().unlink(holding.present(), request.form.get("ticket", ""))
    return Response(status=303, headers={"Location": url_for("warga.shown", kabar="dilepas")})


@blueprint.route("/identitas")
def identity(tenant: str) -> Response:
    """Who one is."""
    del tenant
    return _identity(Filled(dict(citizens.accounts().read(holding.present()).identity)))


@blueprint.route("/identitas", methods=["POST"])
def identify(tenant: str) -> Response:
    """Keep it."""
    del tenant
    form = typed(IDENTITY)
    long = {name: _("Terlalu panjang") for name in IDENTITY if len(form.value(name)) > _LONGEST * 5}
    if long:
        return _identity(form.with_faults(long), 422)
    citizens.accounts().identify(holding.present(), {name: form.value(name).strip() or None for name in IDENTITY})
    return Response(status=303, headers={"Location": url_for("warga.shown", kabar="disimpan")})


@blueprint.route("/nomor-meja", methods=["POST"])
def desk_number(tenant: str) -> Response:
    """A number to tell at the desk that compares the identity with its document; shown once."""
    return _page(tenant, Filled(), number=citizens.accounts().desk_number(holding.present()))


@blueprint.route("/hapus")
def erasing(tenant: str) -> Response:
    """What goes with the account, and what stays."""
    del tenant
    return page("citizen/own/erase.html", form=Filled())


@blueprint.route("/hapus", methods=["POST"])
def erase(tenant: str) -> Response:
    """Erase it."""
    if not request.form.get(_AGREED):
        return page("citizen/own/erase.html", 422, form=Filled(faults={_AGREED: _("Beri tanda bila Anda yakin")}))
    citizens.accounts().erase(holding.present())
    return _left(tenant)


@blueprint.route("/keluar", methods=["POST"])
def leave(tenant: str) -> Response:
    """End the visit, here or on every telephone."""
    if request.form.get("semua"):
        citizens.visits().end_all(holding.present())
    else:
        citizens.visits().end(request.cookies.get(holding.COOKIE, ""))
    return _left(tenant)


def resumed(tenant: str, left: door.OwnLeftForm) -> Response:
    """The page of a form that was sent after the visit had ended, with all that was typed."""
    told = _("Belum terkirim. Periksa lalu kirim.")
    if left.what == door.IDENTITY:
        return _identity(left.filled, sentence=told)
    return _page(tenant, left.filled, sentence=told)


def _left(tenant: str) -> Response:
    csrf.renew()
    response = Response(status=303, headers={"Location": url_for("citizen.start", tenant=tenant)})
    holding.forget(response)
    keeping.forget(response)
    return response


def _identity(form: Filled, status: int = 200, sentence: str | None = None) -> Response:
    labels = {name: field_words(f"reporter.{name}").capitalize() for name in ("name", "address")}
    return page(
        "citizen/own/identity.html",
        status,
        form=form,
        sentence=sentence,
        labels={**labels, "identity": "NIK"},
        scripts=("filing.js",),
    )


def _page(
    tenant: str, form: Filled, status: int = 200, number: str | None = None, sentence: str | None = None
) -> Response:
    home = parts().home(tenant)
    now = now_at(home)
    account = citizens.accounts().read(holding.present())
    parts().freshness.catch_up(tenant, "intake")
    items = citizens.listed(account.id, tenant)
    for each in items:
        each["words"] = _words(each)
        each["due"] = saying.moment(instant_at(each["due_at"], home), now) if each["due_at"] else None
    return page(
        "citizen/own/account.html",
        status,
        form=form,
        sentence=sentence,
        account=account,
        complaints=items,
        number=grouped(number) if number else None,
        verified=_day(account.verified_at, now),
        news=asked.choice("kabar", ("ditautkan", "dilepas", "disimpan")),
    )


def _words(item: Mapping[str, Any]) -> str:
    if item["code_renewed"]:
        return _("kode lacaknya sudah diganti; tautkan lagi dengan kode yang baru")
    return status_words(item["status"]) if item["status"] else _("isinya sudah dihapus")


def _day(at: datetime | None, now: datetime) -> str | None:
    return saying.long_day(at.astimezone(now.tzinfo).date(), now) if at else None
