"""Filing a complaint: one page, one form. Only what cannot be a complaint at all is an error; what is merely incomplete
is pointed out once and may be sent all the same.
"""

import re
from dataclasses import dataclass
from typing import Any, Final

from flask import Response, request, url_for
from werkzeug.datastructures import FileStorage

from portal import citizens, tries
from portal.correlation import request_id
from portal.pages.citizen import keeping, photos
from portal.pages.citizen.own import holding
from portal.pages.frame import csrf
from portal.pages.frame.forms import KEY, REUSED, Filled, faults_of, nested, sentence_of, typed, wait_words
from portal.pages.frame.language import gettext as _
from portal.pages.frame.packing import packable
from portal.pages.frame.page import fresh_key, now_at, page, pages
from portal.pages.frame.promise import promise_now
from portal.pages.frame.words import field_words, identity_words
from portal.parts import parts
from shared.application.identity.errors import TooManyAttempts
from shared.base.errors import Invalid, Unavailable
from shared.domain.complaint.schema import load_submission
from shared.domain.sop import engine
from shared.domain.tenants import Tenant

CHANNEL: Final = "web"

FIELDS: Final = (
    "message",
    "location.kecamatan",
    "location.desa",
    "location.text",
    "title",
    "category",
    "privacy",
    "reporter.name",
    "reporter.address",
    "reporter.identity",
    "reporter.phone",
    "reporter.email",
)
DESA: Final = "desa_lain"
"""The field of a desa that no list has."""
_ALL_THE_SAME: Final = "tetap"
_NUMBERS: Final = "nomor"
_TO_LIST: Final = "akun"
"""Whether what is filed goes into the list of the account that the browser is in."""
_PLACE: Final = "|"
"""Between kecamatan and desa in the choice of a desa."""

_PRIVATE_NUMBER: Final = re.compile(r"(?<!\d)(?:\d{16}|(?:\+?62|0)[ .-]?8[\d .-]{8,14}\d)(?!\d)")
"""An identity number, or a mobile telephone's."""

blueprint = pages("filing", __name__, "/<tenant>/adukan", room=lambda: photos.room(parts().runtime.settings))


@dataclass(frozen=True)
class _Held:
    """A form that is not taken yet, and why.

    :param missing: what the SOP requires and the complaint lacks.
    :param odd: whether the number of the identity cannot be right.
    :param numbers: whether its text holds numbers that look like an identity's or a telephone's.
    """

    filled: Filled
    missing: tuple[str, ...] = ()
    numbers: bool = False
    odd: bool = False
    sentence: str | None = None
    status: int = 422


@blueprint.route("")
def form(tenant: str) -> Response:
    """The empty form."""
    del tenant
    if holding.citizen() is None:  # else it holds who they are
        packable()
    return _shown(_Held(Filled({"privacy": "open", KEY: fresh_key(), **_known()}), status=200))


@blueprint.route("", methods=["POST"])
def file(tenant: str) -> Response:
    """File what was written, unless something must be said first."""
    home = parts().home(tenant)
    filled = placed(typed((*FIELDS, KEY, DESA)))
    sent = photos.sent()
    if request.form.get(_NUMBERS) == "hapus":
        text = _PRIVATE_NUMBER.sub(_("[nomor dihapus]"), filled.value("message"))
        filled = Filled({**filled.values, "message": text})
    complaint: dict[str, Any] = {**nested(filled, FIELDS), "channel": CHANNEL}
    try:
        complaint = load_submission(complaint)
    except Invalid as error:
        return _shown(_Held(filled.with_faults(_faults(error))))
    held = _question(home, filled, complaint, sent)
    if held is not None:
        return _shown(held)
    return _filed(tenant, filled, complaint, sent)


def _filed(tenant: str, filled: Filled, complaint: dict[str, Any], sent: list[FileStorage]) -> Response:
    key = filled.value(KEY) or request_id()
    try:
        with tries.carried_out(tries.count_form(tenant, complaint.get("reporter") or {})):
            receipt = parts().gateway.file(tenant, complaint, None, request_id(), key=key)
    except TooManyAttempts as error:
        return _too_many(filled, error)
    except Unavailable as error:
        return _shown(_Held(filled, sentence=sentence_of(error), status=503))
    except Invalid as error:
        if error.code != REUSED:
            return _shown(_Held(filled.with_faults(_faults(error))))
        if keeping.filed_with(tenant, key):
            return _to_receipt(tenant, again=True)
        told = _("Dari formulir ini sudah terkirim aduan. Bila yang tertulis sekarang aduan lain, kirim sekali lagi.")
        return _shown(_Held(Filled({**filled.values, KEY: fresh_key()}), sentence=told, status=409))
    parts().freshness.wrote(tenant, receipt["position"])
    account = holding.citizen()
    if account is not None and request.form.get(_TO_LIST):
        citizens.filed(account, tenant, receipt, complaint)
    kept = photos.add(tenant, receipt["ticket"], receipt["tracking_code"], sent)
    response = _to_receipt(tenant)
    keeping.keep_receipt(response, tenant, receipt, missing=kept.missing, key=key)
    return response


def _too_many(filled: Filled, error: TooManyAttempts) -> Response:
    """Nothing typed is lost, and there are other ways."""
    told = _(
        "Terlalu banyak aduan sekaligus dari sini. Coba lagi dalam %(length)s, atau sampaikan di meja pengaduan.",
        length=wait_words(error),
    )
    response = _shown(_Held(filled, sentence=told, status=error.status))
    response.headers["Retry-After"] = str(error.params["seconds"])
    return response


def _known() -> dict[str, str]:
    """What somebody who is in their account need not type again."""
    account = holding.citizen()
    if account is None:
        return {}
    known = citizens.accounts().read(account)
    return {f"reporter.{name}": value for name, value in {**known.identity, **known.contacts}.items()}


def _question(home: Tenant, filled: Filled, complaint: dict[str, Any], sent: list[FileStorage]) -> _Held | None:
    """What must be said before the complaint is taken, if anything."""
    if not request.form.get(_NUMBERS) and _PRIVATE_NUMBER.search(complaint["message"]):
        return _Held(filled, numbers=True)
    there = {**complaint, "attachments": [each.filename for each in sent] or complaint.get("attachments")}
    missing = engine.missing(home.sop, there)
    odd = identity_words((complaint.get("reporter") or {}).get("identity"))
    if (missing or odd) and not request.form.get(_ALL_THE_SAME):
        return _Held(filled.with_faults({"reporter.identity": odd} if odd else {}), missing=missing, odd=bool(odd))
    return None


def placed(filled: Filled) -> Filled:
    """The form with its place told apart: a desa is chosen together with its kecamatan, or written."""
    kecamatan, mark, desa = filled.value("location.desa").partition(_PLACE)
    values = dict(filled.values)
    if filled.value(DESA).strip():
        values["location.desa"] = filled.value(DESA)
    elif mark:
        values |= {"location.kecamatan": kecamatan, "location.desa": desa}
    return Filled(values)


def place_choices(filled: Filled, home: Tenant) -> dict[str, Any]:
    """What the form's place is chosen from, with the choice made, or the desa that was written: for its template."""
    places = home.entries.places
    kecamatan, desa = filled.value("location.kecamatan"), filled.value("location.desa")
    listed = desa in places.get(kecamatan, ())
    return {
        "places": places,
        "chosen": f"{kecamatan}{_PLACE}{desa}" if listed else "",
        "other_desa": "" if listed else desa,
    }


def _faults(error: Invalid) -> dict[str, str]:
    faults = faults_of(error)
    if "message" in faults:
        faults["message"] = _("Tulis apa yang terjadi")
    return faults


def _shown(held: _Held) -> Response:
    home = parts().home((request.view_args or {})["tenant"])
    return page(
        "citizen/filing.html",
        held.status,
        form=held.filled,
        missing=[field_words(name) for name in held.missing],
        numbers=held.numbers,
        odd=held.odd,
        sentence=held.sentence,
        had_photos=request.method == "POST" and bool(photos.sent()),
        **place_choices(held.filled, home),
        categories=sorted(home.entries.categories.values()),
        requires=home.sop.requires,
        required=[field_words(name) for name in home.sop.requires],
        labels={name: field_words(name) for name in (*FIELDS, "photos")},
        **photos.told(parts().runtime.settings),
        promise=promise_now(home, now_at(home)),
        key=held.filled.value(KEY) or fresh_key(),
        in_account=holding.citizen() is not None,
        to_list=request.method == "GET" or bool(request.form.get(_TO_LIST)),
        scripts=("antre.js", "app.js", "filing.js"),
    )


def _to_receipt(tenant: str, *, again: bool = False) -> Response:
    csrf.token()  # the next page's forms need the browser's cookie
    address = url_for("receipt.shown", tenant=tenant, lagi="1" if again else None)
    return Response(status=303, headers={"Location": address})
