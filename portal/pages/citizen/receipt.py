"""The receipt: ticket and tracking code, shown to the browser that filed, for half an hour and never again."""

from collections.abc import Mapping
from typing import Any, Final

import segno
from flask import Response, request, url_for
from markupsafe import Markup

from portal.pages.citizen import keeping
from portal.pages.citizen.way import way_of
from portal.pages.frame import asked
from portal.pages.frame.forms import Filled
from portal.pages.frame.language import gettext as _
from portal.pages.frame.page import instant_at, now_at, page, pages
from portal.parts import parts
from shared.base.errors import AduanError
from shared.domain.documents.handed import handed_receipt

_GROUP: Final = 4
_SAVED: Final = "disimpan"
_PHOTOS: Final = "foto"
"""The button of whoever goes on by sending the missing photos again."""
_INK: Final = "#15211e"

blueprint = pages("receipt", __name__, "/<tenant>/terima")


@blueprint.route("")
def shown(tenant: str) -> Response:
    """The receipt of what this browser filed last."""
    return _page(tenant, Filled())


@blueprint.route("", methods=["POST"])
def saved(tenant: str) -> Response:
    """Go on to the complaint's own page, or to send photos again, once the code is kept."""
    said = keeping.RECEIPT.read()
    if said is None or said["tenant"] != tenant:
        return _page(tenant, Filled())
    if not request.form.get(_SAVED):
        return _page(tenant, Filled(faults={_SAVED: _("Simpan dulu kodenya, lalu beri tanda di sini")}))
    response = Response(status=303, headers={"Location": _onward(said["ticket"])})
    keeping.open_for(response, tenant, said["ticket"], said["code"])
    keeping.RECEIPT.forget(response)
    return response


@blueprint.route("/tanda-terima.pdf")
def paper(tenant: str) -> Response:
    """The same as a PDF to keep; it bears the code that holds, and ends none."""
    said = keeping.RECEIPT.read()
    if said is None or said["tenant"] != tenant:
        return page("citizen/receipt_gone.html", 410)
    home, runtime, view = parts().home(tenant), parts().runtime, _view(tenant, said)
    made = handed_receipt(
        home,
        said["ticket"],
        grouped(said["code"]),
        filed=instant_at(view["filed_at"], home) if view else None,
        fingerprint=(view or {}).get("fingerprint") or "",
        portal=runtime.settings.public_address,
        now=runtime.clock.now(),
    )
    name = f'attachment; filename="tanda-terima-{said["ticket"]}.pdf"'
    return Response(made, content_type="application/pdf", headers={"Content-Disposition": name})


def grouped(code: str) -> str:
    """A code in groups of four, as it is easier to copy by hand."""
    return "-".join(code[place : place + _GROUP] for place in range(0, len(code), _GROUP))


def _onward(ticket: str) -> str:
    if request.form.get(_PHOTOS):
        return url_for("acting.form", ticket=ticket, what="foto")
    return url_for("tracking.opened", ticket=ticket)


def _page(tenant: str, form: Filled) -> Response:
    said = keeping.RECEIPT.read()
    if said is None or said["tenant"] != tenant:
        return page("citizen/receipt_gone.html", 410)
    home, view = parts().home(tenant), _view(tenant, said)
    return page(
        "citizen/receipt.html",
        422 if form.faults else 200,
        form=form,
        ticket=said["ticket"],
        code=grouped(said["code"]),
        qr=qr_of(tenant, said["ticket"], said["code"]),
        way=way_of(view, home, now_at(home)) if view else None,
        fingerprint=(view or {}).get("fingerprint"),
        again=asked.choice("lagi", ("1",)) is not None,
        not_kept=said["not_kept"],
        missing=said.get("missing") or (),
        scripts=("receipt.js",),
    )


def qr_of(tenant: str, ticket: str, code: str) -> Markup:
    """The tracking page's address with the code behind the ``#``, which no browser sends."""
    base = parts().runtime.settings.public_address
    address = f"{base}{url_for('tracking.of', tenant=tenant, ticket=ticket)}#{code}"
    drawn = segno.make(address, error="m", micro=False).svg_inline(
        scale=4, border=2, dark=_INK, omitsize=True, svgclass="qr", lineclass=None
    )
    return Markup(drawn)  # noqa: S704 - drawn by segno from letters that we chose


def _view(tenant: str, said: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The complaint as its reporter may see it; the receipt is good without it, and shows no answer."""
    parts().freshness.catch_up(tenant, "intake")
    try:
        return parts().gateway.track(tenant, said["ticket"], said["code"], shown=False)
    except AduanError:
        return None
