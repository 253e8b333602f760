"""An officer files for somebody who came, wrote or called: the citizen's form, with how and when it came in."""

import re
from datetime import datetime
from typing import Any, Final

from flask import Response, request

from portal.access import caller
from portal.correlation import request_id
from portal.pages.citizen.filing import DESA, FIELDS, place_choices, placed
from portal.pages.citizen.receipt import grouped, qr_of
from portal.pages.frame import late_form
from portal.pages.frame.forms import KEY, REUSED, Filled, faults_of, nested, typed
from portal.pages.frame.language import gettext as _
from portal.pages.frame.page import fresh_key, now_at, page, pages
from portal.pages.frame.words import field_words
from portal.pages.officer import visits
from portal.pages.officer.words import choice_words
from portal.parts import parts
from shared.base.errors import Invalid
from shared.domain.complaint.schema import load_submission
from shared.domain.sop import engine
from shared.domain.tenants import Tenant

_CHANNELS: Final = ("counter", "telephone", "letter", "whatsapp", "sms", "email")
_OWN: Final = ("channel", "occurred_at", "agenda", DESA, KEY)
_AGENDA: Final = re.compile(r"[\w./ -]{1,40}")

blueprint = pages("registering", __name__, "/<tenant>/daftarkan", first=(visits.require_visit,))


@blueprint.route("")
def form(tenant: str) -> Response:
    """The empty form."""
    del tenant
    return _shown(Filled({"privacy": "open", "channel": "counter", KEY: fresh_key()}))


@blueprint.route("", methods=["POST"])
def file(tenant: str) -> Response:
    """File it; the receipt with its code is handed over here, once.

    What has a number of the agenda book is filed once: entered again, the complaint that it became is shown.
    """
    home = parts().home(tenant)
    filled = placed(typed((*FIELDS, *_OWN)))
    try:
        complaint = load_submission({**nested(filled, FIELDS), **_came_in(filled, home)})
        missing = engine.missing(home.sop, complaint)
        if missing and not request.form.get("tetap"):
            return _shown(filled, missing=missing, status=422)
        receipt = parts().gateway.file(tenant, complaint, caller(), request_id(), key=filled.value(KEY) or request_id())
    except Invalid as error:
        again = {KEY: fresh_key()} if error.code == REUSED else {}
        return _shown(Filled({**filled.values, **again}, faults_of(error)), status=422)
    parts().freshness.wrote(tenant, receipt["position"])
    reporter = complaint.get("reporter") or {}
    return page(
        "officer/registered.html",
        desk=True,
        again=not receipt["created"],
        ticket=receipt["ticket"],
        code=grouped(receipt["tracking_code"]) if receipt["created"] else "",
        qr=qr_of(tenant, receipt["ticket"], receipt["tracking_code"]) if receipt["created"] else "",
        unreachable=not (reporter.get("phone") or reporter.get("email")),
    )


@blueprint.route("/lanjut", methods=["POST"])
def resume(tenant: str) -> Response:
    """What was sent after a visit had ended: shown again, and not sent by itself; its key makes it one filing."""
    del tenant
    left = late_form.left(request.form.get(late_form.LEFT), "path")
    if left is None:
        return _shown(Filled({"privacy": "open", "channel": "counter", KEY: fresh_key()}))
    fields: dict[str, str] = left["fields"]
    filled = Filled({name: fields[name] for name in (*FIELDS, *_OWN) if name in fields})
    return _shown(placed(filled), banner=_("Belum terkirim. Periksa lalu kirim."))


def _came_in(filled: Filled, home: Tenant) -> dict[str, Any]:
    """How it came in, when, and under which number: a time without a zone is the government's own.

    :raises Invalid: if the time is none, or the number holds what no number does.
    """
    said: dict[str, Any] = {"channel": filled.value("channel") or "counter"}
    if filled.value("occurred_at"):
        try:
            at = datetime.fromisoformat(filled.value("occurred_at"))
        except ValueError:
            raise Invalid("invalid_fields", fields={"occurred_at": ["invalid"]}) from None
        said["occurred_at"] = (at if at.tzinfo else at.replace(tzinfo=home.zone)).isoformat()
    if agenda := " ".join(filled.value("agenda").split()).casefold():
        if not _AGENDA.fullmatch(agenda):
            raise Invalid("invalid_fields", fields={"agenda": ["invalid"]})
        year = (said.get("occurred_at") or now_at(home).isoformat())[:4]
        said["external_id"] = f"agenda:{year}:{agenda}"
    return said


def _shown(filled: Filled, *, missing: tuple[str, ...] = (), status: int = 200, banner: str | None = None) -> Response:
    home = parts().home((request.view_args or {})["tenant"])
    return page(
        "officer/registering.html",
        status,
        desk=True,
        form=filled,
        banner=banner,
        missing=[field_words(name) for name in missing],
        channels=[(each, choice_words(each)) for each in _CHANNELS],
        requires=home.sop.requires,
        **place_choices(filled, home),
        categories=sorted(home.entries.categories.values()),
        labels={name: field_words(name) for name in FIELDS}
        | {KEY: _("Formulir"), "occurred_at": _("Diterima pada"), "agenda": _("Nomor agenda")},
        key=filled.value(KEY) or fresh_key(),
        latest=now_at(home).strftime("%Y-%m-%dT%H:%M"),
        scripts=("filing.js",),
    )
