"""A dossier: what was written, what happened, how much time is left, and what its reader may do with it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from flask import Response, request, url_for
from marshmallow import ValidationError

from portal import citizens
from portal.access import caller
from portal.api.files import handed
from portal.api.officers import dossier_id, with_ids
from portal.correlation import request_id
from portal.pages.citizen.receipt import grouped
from portal.pages.frame import asked, csrf, late_form, saying
from portal.pages.frame.ended import ended
from portal.pages.frame.forms import KEY, Filled, faults_of, nested, sentence_of, typed, version_given
from portal.pages.frame.language import gettext as _
from portal.pages.frame.page import instant_at, now_at, page, pages
from portal.pages.frame.taken_files import taken_files
from portal.pages.frame.words import field_words
from portal.pages.officer import attaching, door, handed_on, reasons, visits
from portal.pages.officer.beginnings import beginnings, field_of
from portal.pages.officer.chosen_words import in_words
from portal.pages.officer.clocks import clocks, running
from portal.pages.officer.deeds import Deed, deeds
from portal.pages.officer.history import history
from portal.pages.officer.live import present
from portal.pages.officer.loads import loads
from portal.pages.officer.order import following, neighbours
from portal.pages.officer.photos import seen_before
from portal.pages.officer.printing import printed_by
from portal.pages.officer.strip import strip
from portal.pages.officer.suggested import suggested
from portal.pages.officer.ticking import ticking
from portal.pages.officer.trying import NOTE, Tried, begun_with, changed, note_form, opened_in
from portal.pages.officer.words import choice_words, field_label, mark_of, status_words
from portal.parts import parts
from portal.queries import ActionBody
from shared.application.files.limits import limits
from shared.base.errors import Conflict, Forbidden, Invalid
from shared.base.whole_numbers import whole_number
from shared.domain.complaint.spelling import ticket_of
from shared.domain.documents.forms import KINDS
from shared.domain.dossier.complaint_view import REPORTER_SHOWN
from shared.domain.dossier.files import FILE_KINDS
from shared.domain.tenants import Tenant
from shared.wording.coded_schema import invalid_of

_WHOLE: Final = ("score", "asked", "of", "part")
_BESIDES: Final = frozenset({csrf.FIELD, "action", "number", "version", KEY})

blueprint = pages(
    "dossier",
    __name__,
    "/<tenant>/berkas/<ticket>",
    first=(visits.require_visit,),
    room=lambda: attaching.room(parts().runtime.settings),
)


@blueprint.route("")
def shown(tenant: str, ticket: str) -> Response:
    """The dossier, as far as its reader may see it."""
    return _page(tenant, ticket, Tried())


@blueprint.route("/cetak")
def printed(tenant: str, ticket: str) -> Response:
    """The same to be printed: the complaint, its way, its history, its clocks."""
    return _page(tenant, ticket, Tried(), "officer/printed.html")


@blueprint.route("/tindakan", methods=["POST"])
def act(tenant: str, ticket: str) -> Response:
    """Do one action. What cannot be done comes back with all that was typed."""
    home = parts().home(tenant)
    sent, next_one = _typed(), following(tenant, ticket_of(ticket, home.ticket_prefixes), home)
    try:
        wanted = _wanted(sent)
        view = parts().gateway.act(
            tenant,
            dossier_id(tenant, ticket),
            action=sent.action,
            fields=with_ids(tenant, wanted["fields"]),
            version=wanted["version"],
            caller=caller(),
            correlation_id=request_id(),
            key=request.form.get(KEY) or request_id(),
        )
    except Invalid as error:
        fields = faults_of(error)
        banner = None if set(fields) & set(sent.filled.values) else sentence_of(error)
        return _page(tenant, ticket, replace(sent, filled=sent.filled.with_faults(fields), banner=banner, status=422))
    except Conflict as error:
        since = whole_number(request.form.get("version", ""))
        return _page(tenant, ticket, replace(sent, banner=sentence_of(error), status=409, since=since))
    parts().freshness.wrote(tenant, view["position"])
    if view.get("tracking_code"):
        return _page(tenant, ticket, Tried(code=grouped(view["tracking_code"])))
    return Response(status=303, headers={"Location": handed_on.onward(ticket, view, next_one, home)})


@blueprint.route("/lanjut", methods=["POST"])
def resume(tenant: str, ticket: str) -> Response:
    """The form that was sent after a visit had ended: shown again, filled in, and not sent by itself."""
    left = late_form.left(request.form.get(late_form.LEFT), "path")
    if left is None:
        return _page(tenant, ticket, Tried())
    fields: dict[str, str] = left["fields"]
    if (lost := door.file_to_choose(left)) is not None:
        kept = {name: text for name, text in fields.items() if name == attaching.KIND}
        return _page(tenant, ticket, Tried(action=attaching.FIELD, filled=Filled(kept, {attaching.FIELD: lost})))
    besides = attaching.DOCUMENT if attaching.DOCUMENT in fields else NOTE if "note" in fields else ""
    tried = Tried(
        whole_number(fields.get("number", "")),
        fields.get("action") or besides,
        Filled({name: value for name, value in fields.items() if name not in _BESIDES}),
        _("Belum terkirim. Periksa lalu kirim."),
    )
    return _page(tenant, ticket, tried)


@blueprint.route("/lampiran", methods=["POST"])
def attach(tenant: str, ticket: str) -> Response:
    """Add a file, or have a document made."""
    uuid = dossier_id(tenant, ticket)
    try:
        code = attaching.attach(tenant, uuid)
    except Invalid as error:
        of_document = bool(request.form.get(attaching.DOCUMENT))
        action = attaching.DOCUMENT if of_document else attaching.FIELD
        filled = typed((attaching.DOCUMENT, "note") if of_document else (attaching.KIND,)).with_faults(faults_of(error))
        return _page(tenant, ticket, Tried(action=action, filled=filled, banner=sentence_of(error), status=422))
    if code is not None:
        return _page(tenant, ticket, Tried(code=grouped(code)))
    return Response(status=303, headers={"Location": url_for("dossier.shown", ticket=ticket, kabar="berkas")})


@blueprint.route("/lampiran/<file>")
def fetch(tenant: str, ticket: str, file: str) -> Response:
    """A file of the dossier: for keeping, never run in our name."""
    if reasons.must_say():
        return reasons.ask_of(tenant, ticket, request.path)
    whose = {"dossier_id": dossier_id(tenant, ticket), "caller": caller().to_dict(), "why": reasons.said_why()}
    return handed(parts().gateway.files("routing", "file", tenant, file=file, **whose))


@blueprint.route("/catatan", methods=["POST"])
def note(tenant: str, ticket: str) -> Response:
    """Leave a note for colleagues; the reporter never reads it."""
    filled = typed(("note",))
    try:
        view = parts().gateway.act(
            tenant,
            dossier_id(tenant, ticket),
            action=NOTE,
            fields=dict(filled.values) if filled.value("note").strip() else {},
            version=None,
            caller=caller(),
            correlation_id=request_id(),
            key=request.form.get(KEY) or request_id(),
        )
    except Invalid as error:
        return _page(tenant, ticket, Tried(action=NOTE, filled=filled.with_faults(faults_of(error)), status=422))
    except Conflict as error:
        return _page(tenant, ticket, Tried(action=NOTE, filled=filled, banner=sentence_of(error), status=409))
    parts().freshness.wrote(tenant, view["position"])
    return Response(status=303, headers={"Location": url_for("dossier.shown", ticket=ticket, kabar="catatan")})


def _typed() -> Tried:
    """What was sent.

    :raises Invalid: naming a field that was given twice.
    """
    given = typed(request.form).values
    values = {name: value for name, value in given.items() if name not in _BESIDES}
    return Tried(whole_number(given.get("number", "")), given.get("action", ""), Filled(values))


def _wanted(typed: Tried) -> dict[str, Any]:
    """The action as the API takes it.

    :raises Invalid: naming the field at fault.
    """
    document: dict[str, Any] = nested(typed.filled, typed.filled.values)
    for name in _WHOLE:
        number = whole_number(str(document.get(name, "")))
        if number is not None:
            document[name] = number
    version = version_given("version") if request.form.get("version") else None
    try:
        wanted: dict[str, Any] = ActionBody().load({**document, "action": typed.action, "version": version})
    except ValidationError as error:
        raise invalid_of(error) from None
    return wanted


def _page(tenant: str, ticket: str, tried: Tried, template: str = "officer/dossier.html") -> Response:
    home = parts().home(tenant)
    now = now_at(home)
    if reasons.must_say():
        address = request.path if request.method == "GET" else url_for("dossier.shown", ticket=ticket)
        told = tried.banner or "; ".join(tried.filled.faults.values()) or None
        return reasons.ask_of(tenant, ticket, address, tried.status, told)
    why = reasons.said_why()
    try:
        view = parts().gateway.dossier(tenant, dossier_id(tenant, ticket), caller(), why)
    except Forbidden as error:
        # It has left the officer's reach while they wrote: what they wrote is not lost.
        if not tried.filled.values:
            raise
        raise Conflict(error.code, error.params) from error
    if tried.since is not None:
        tried = replace(tried, banner=changed(view, tried, home, now))
    sop = home.sop_of(view["sop_version"])
    forms = deeds(view, home, caller(), loads(tenant, view))
    begun, happened = beginnings(view, home, caller(), forms), history(view, home, now)
    tried = begun_with(tried, forms, begun)
    opened = opened_in(forms, tried)
    return page(
        template,
        tried.status,
        desk=True,
        view=view,
        sop=sop,
        strip=strip(view, home),
        left=running(view, home, now),
        deeds=forms,
        opened=opened,
        tried=tried,
        labels=_labels(forms),
        kept_words=in_words(tried.filled.values, home, view["agency"]),
        beside={each["action"] for each in view["beside"]},
        data_moment=lambda told: saying.moment(instant_at(told, home), now),
        data_words=_data_words(),
        note_form=note_form(tried, opened),
        others=present(view["ticket"], home) if not caller().admin else [],
        history=happened,
        suggested=suggested(tenant, view, home, now),
        seen_before=seen_before(tenant, view, home, now),
        clocks=clocks(view, home, now),
        mark=mark_of(view["privacy"]),
        status_words=status_words(view["status"]),
        choice_words=choice_words,
        file_kinds=FILE_KINDS[:3],
        document_kinds=_documents(view),
        filed=instant_at(view["filed_at"], home),
        now=now,
        printed_by=printed_by,
        holder=_holder(view, home),
        ended=ended(view, home, now),
        beginnings=begun,
        begun_in={deed.number: field_of(deed) for deed in forms},
        neighbours=neighbours(tenant, view["ticket"], home) if template == "officer/dossier.html" else None,
        whys=_whys(view),
        why=why,
        done=asked.done(handed_on.done_words(happened)),
        done_before=asked.ticket("dari", home),
        where_now=handed_on.where_now(home),
        compared="reporter" in view["complaint"] and citizens.complaints().filed_verified(tenant, view["ticket"]),
        taken=taken_files(limits(parts().runtime.settings)),
        ticking=ticking(home, now),
        scripts=("filing.js", "live.js", "minutes.js", *(("tulisan.js",) if tried.banner else ())),
    )


def _labels(forms: tuple[Deed, ...]) -> dict[str, str]:
    about_data = {"outcome": _("Putusan"), "text": _("Jawaban kepada pelapor"), **_data_words()}
    return (
        about_data
        | {field.name: field.label for deed in forms for field in deed.fields}
        | {
            "file": field_label("files"),
            "note": field_label("note"),
            KEY: _("Formulir"),
        }
    )


def _data_words() -> dict[str, str]:
    """What is corrected of a reporter's own data, each as its field is called."""
    return {f"reporter.{name}": field_words(f"reporter.{name}") for name in REPORTER_SHOWN}


def _documents(view: Mapping[str, Any]) -> tuple[str, ...]:
    """What can be made: nothing more once the reporter is erased."""
    return tuple(KINDS) if view["complaint"].get("message") else ()


def _whys(view: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a desk of the government's may say it looks for, where the dossier is not its own to handle."""
    looks_on = caller().agency is None and not caller().admin and view["actor"] != caller().actor
    return reasons.whys() if looks_on else []


def _holder(view: Mapping[str, Any], home: Tenant) -> str | None:
    """Who holds the dossier, by role and office."""
    if view["actor"] is None:
        return None
    actor = home.sop_of(view["sop_version"]).actor(view["actor"])
    return f"{actor.title}, {view['agency_name']}" if actor.scope == "agency" and view["agency_name"] else actor.title
