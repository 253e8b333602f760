"""What a reporter does with a complaint that is open in this browser: complete it, write back, respond to the answer,
withdraw it, add photos, fetch files. Each is a page of its own before it is sent, so that nothing happens by one tap.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from flask import Response, request, url_for

from portal.api.files import handed
from portal.correlation import request_id
from portal.pages.citizen import keeping, photos
from portal.pages.citizen.asking import LeftForm, ask_code_again
from portal.pages.citizen.done import RESPONDED
from portal.pages.citizen.filing import placed
from portal.pages.citizen.keeping import OpenedByCode
from portal.pages.citizen.photos import KeptPhotos
from portal.pages.citizen.standing import heading, which
from portal.pages.frame.ended import ended
from portal.pages.frame.failures import failure
from portal.pages.frame.forms import FILES, KEY, Filled, faults_of, nested, sentence_of, typed
from portal.pages.frame.language import gettext as _
from portal.pages.frame.page import now_at, page, pages
from portal.pages.frame.words import field_words
from portal.parts import parts
from shared.base.errors import Conflict, Invalid
from shared.base.whole_numbers import whole_number
from shared.domain.complaint.schema import ADD, ASK_ABOUT_DATA, REPORTER_ACTIONS, AboutDataSchema, AdditionSchema
from shared.wording.coded_schema import CodedSchema, load_coded

_SUPPLEMENT: Final = (
    "message",
    "title",
    "category",
    "location.kecamatan",
    "location.desa",
    "location.text",
    "reporter.name",
    "reporter.address",
    "reporter.identity",
    "reporter.phone",
    "reporter.email",
)

_COMMENTED: Final = ("ya", "tutup")
"""The answers to "is it solved?" whose text goes with the mark."""

_SCHEMAS: Final[dict[str, type[CodedSchema]]] = {
    **REPORTER_ACTIONS,
    ADD: AdditionSchema,
    ASK_ABOUT_DATA: AboutDataSchema,
}


class _OnlyRated(Conflict):
    """The mark was recorded; what was to follow it is not possible any more."""


blueprint = pages(
    "acting",
    __name__,
    "/<tenant>/aduan/<ticket>",
    room=lambda: photos.room(parts().runtime.settings),
)


@dataclass(frozen=True)
class _Deed:
    """One way of acting.

    :param template: its page.
    :param act: does it; its faults by field, empty if it was done.
    """

    template: str
    act: Callable[[str, OpenedByCode], Filled]


@blueprint.route("/<any(lengkapi, balas, tambah, tanggapi, tarik, foto, data):what>")
def form(tenant: str, ticket: str, what: str) -> Response:
    """The page before it is done."""
    held = keeping.opened(tenant, ticket)
    if held is None:
        return _closed(ticket)
    return _shown(tenant, held, what, Filled())


@blueprint.route("/<any(lengkapi, balas, tambah, tanggapi, tarik, foto, data):what>", methods=["POST"])
def act(tenant: str, ticket: str, what: str) -> Response:
    """Do it, and show the complaint after it."""
    held = keeping.opened(tenant, ticket)
    if held is None:
        return ask_code_again(ticket, what)
    try:
        tried = _DEEDS[what].act(tenant, held)
    except Conflict as error:
        return _overtaken(tenant, held, error)
    if tried.faults:
        return _shown(tenant, held, what, tried)
    said = RESPONDED[request.form["selesai"]] if what == "tanggapi" else what
    response = Response(status=303, headers={"Location": url_for("tracking.opened", ticket=held.ticket, kabar=said)})
    keeping.open_for(response, tenant, held.ticket, held.code)
    return response


@blueprint.route("/data-saya.json")
def own_data(tenant: str, ticket: str) -> Response:
    """The copy of one's data, once a desk has given it: for keeping."""
    held = keeping.opened(tenant, ticket)
    if held is None:
        return _closed(ticket)
    parts().freshness.catch_up(tenant, "intake")
    told = json.dumps(parts().gateway.own_data(tenant, held.ticket, held.code), ensure_ascii=False, indent=1)
    name = f"attachment; filename=data-{held.ticket}.json"
    return Response(told, content_type="application/json", headers={"Content-Disposition": name})


@blueprint.route("/berkas/<file>")
def file(tenant: str, ticket: str, file: str) -> Response:
    """A file of one's own, or one that came with the answer: for keeping, never run in our name."""
    held = keeping.opened(tenant, ticket)
    if held is None:
        return _closed(ticket)
    whose = {"ticket": held.ticket, "code": held.code}
    return handed(parts().gateway.files("intake", "file_of", tenant, file=file, **whose))


def resumed(tenant: str, held: OpenedByCode, left: LeftForm) -> Response:
    """The page of a form that was sent after its complaint was closed in this browser, with all that was typed."""
    told = _("Belum terkirim. Periksa lalu kirim.")
    lost = _("Berkas harus dipilih lagi: peramban tidak menyimpannya untuk kami.")
    return _shown(tenant, held, left.what, left.filled, f"{told} {lost}" if left.files else told)


def _shown(tenant: str, held: OpenedByCode, what: str, filled: Filled, sentence: str | None = None) -> Response:
    parts().freshness.catch_up(tenant, "intake")
    view = parts().gateway.track(tenant, held.ticket, held.code)
    home = parts().home(tenant)
    return page(
        _DEEDS[what].template,
        422 if filled.faults else 200,
        view=view,
        which=which(view, home, now_at(home)),
        form=filled,
        what=what,
        sentence=sentence,
        allowed={each["action"] for each in view["allowed"]},
        missing=[name for name in view["missing"] if name != "attachments"],
        wants_photo="attachments" in view["missing"],
        labels={name: field_words(name) for name in (*_SUPPLEMENT, "photos", "text", "reason", "kind")},
        categories=sorted(home.entries.categories.values()),
        places=home.entries.places,
        **photos.told(parts().runtime.settings),
        scripts=("filing.js",),
    )


def _overtaken(tenant: str, held: OpenedByCode, error: Conflict) -> Response:
    """What was meant is not possible any more: where the complaint stands now, and the text, to be copied.

    What was recorded before it was is said, and its text not shown as if it had to be sent once more.
    """
    parts().freshness.catch_up(tenant, "intake")
    view, home = parts().gateway.track(tenant, held.ticket, held.code, shown=False), parts().home(tenant)
    rated = isinstance(error, _OnlyRated)
    told = (_("Penilaian Anda sudah kami catat.") if rated else None, ended(view, home, now_at(home)))
    return failure(
        error,
        error.status,
        title=heading(view, home),
        besides=" ".join(filter(None, told)),
        recorded=("text",) if rated and request.form["selesai"] in _COMMENTED else (),
    )


def _supplement(tenant: str, held: OpenedByCode) -> Filled:
    filled = placed(typed(_SUPPLEMENT))
    given = nested(filled, _SUPPLEMENT)
    sent = photos.sent()
    if not given and not sent:
        return filled.with_faults({"message": _("Isi paling sedikit satu hal")})
    # Photos first: what completes a complaint sends it on, and then it may have gone where photos are not asked for.
    refused = _photo_faults(photos.add(tenant, held.ticket, held.code, sent))
    if refused:
        return filled.with_faults(refused)
    if not given:
        return Filled()
    return _done(tenant, held, "supplement", given, filled)


def _reply(tenant: str, held: OpenedByCode) -> Filled:
    filled = typed(("text",))
    return _done(tenant, held, "reply", {"text": filled.value("text")}, filled)


def _add(tenant: str, held: OpenedByCode) -> Filled:
    filled = typed(("text",))
    return _done(tenant, held, ADD, {"text": filled.value("text")}, filled)


def _withdraw(tenant: str, held: OpenedByCode) -> Filled:
    filled = typed(("reason",))
    return _done(tenant, held, "withdraw", {"reason": filled.value("reason")}, filled)


def _about_data(tenant: str, held: OpenedByCode) -> Filled:
    """A copy of one's data, or a correction."""
    filled = typed(("kind", "text"))
    given = {"kind": filled.value("kind"), "text": filled.value("text")}
    if not given["kind"]:
        return filled.with_faults({"kind": _("Pilih salah satu")})
    if given["kind"] == "correction" and not given["text"].strip():
        return filled.with_faults({"text": _("Tulis apa yang salah, dan apa yang benar")})
    return _done(tenant, held, ASK_ABOUT_DATA, given, filled)


def _respond(tenant: str, held: OpenedByCode) -> Filled:
    """The answer to "is it solved?": a rating, the end if the SOP lets its reporter say so, a reopening, a question.

    :raises Conflict: if one of these is not possible any more; as :class:`_OnlyRated` where a mark went before it.
    """
    filled = typed(("selesai", "text", "score"))
    chosen, text, score = (filled.value(name) for name in ("selesai", "text", "score"))
    faults = {}
    if chosen not in RESPONDED:
        faults["selesai"] = _("Pilih salah satu")
    if chosen == "ya" and not score:
        faults["score"] = _("Pilih nilainya, supaya tanggapan Anda tercatat")
    if chosen == "tutup" and text.strip() and not score:
        faults["text"] = _("Tulisan hanya tercatat bersama nilai: pilih nilainya, atau kosongkan")
    if chosen in ("belum", "tanya") and not text.strip():
        faults["text"] = _("Ceritakan apa yang belum beres") if chosen == "belum" else _("Tulis pertanyaan Anda")
    if faults:
        return filled.with_faults(faults)
    if score:
        rating = {"score": score, **({"comment": text} if chosen in _COMMENTED and text.strip() else {})}
        rated = _done(tenant, held, "rate", rating, filled)
        if rated.faults or chosen == "ya":
            return rated
    try:
        return _after_rating(tenant, held, filled)
    except Conflict as error:
        if not score:
            raise
        raise _OnlyRated(error.code, error.params) from error


def _after_rating(tenant: str, held: OpenedByCode, filled: Filled) -> Filled:
    chosen, text = filled.value("selesai"), filled.value("text")
    if chosen == "tutup":
        return _done(tenant, held, "close", {}, filled)
    if chosen == "belum":
        return _done(tenant, held, "reopen", {"reason": text}, filled, {"reason": "text"})
    return _done(tenant, held, "reply", {"text": text}, filled)


def _photos(tenant: str, held: OpenedByCode) -> Filled:
    sent = photos.sent()
    if not sent:
        return Filled(faults={"photos": _("Pilih berkas dulu")})
    return Filled(faults=_photo_faults(photos.add(tenant, held.ticket, held.code, sent)))


def _photo_faults(kept: KeptPhotos) -> dict[str, str]:
    """What is to be said of photos that were not taken: why the last of them was not.

    :raises AduanError: if it was no fault of the photos: others would not be taken either.
    """
    if kept.error is not None and not isinstance(kept.error, Invalid):
        raise kept.error
    if kept.error is not None:
        return {FILES: next(iter(faults_of(kept.error).values()), sentence_of(kept.error))}
    return {FILES: _("Paling banyak %(n)s berkas sekali kirim.", n=photos.MOST)} if kept.missing else {}


def _done(
    tenant: str,
    held: OpenedByCode,
    action: str,
    fields: dict[str, Any],
    filled: Filled,
    names: dict[str, str] | None = None,
) -> Filled:
    """Ask for an action; the form with its faults if it was not as it should be.

    :param names: what a field is called in the form, where that differs.
    """
    try:
        if "score" in fields:
            score = whole_number(fields["score"])
            fields = {**fields, "score": fields["score"] if score is None else score}
        given = load_coded(_SCHEMAS[action](), fields)
        of = f"{action}-{given['score']}" if "score" in given else action  # another mark is not the same one again
        view = parts().gateway.reporter_act(
            tenant,
            held.ticket,
            held.code,
            action=action,
            fields=given,
            correlation_id=request_id(),
            key=f"{request.form.get(KEY) or request_id()}-{of}",
        )
    except Invalid as error:
        if not error.fields:
            raise
        return filled.with_faults(faults_of(error, names))
    parts().freshness.wrote(tenant, view["position"])
    return Filled()


def _closed(ticket: str) -> Response:
    """Not open in this browser (any more): the code is asked for."""
    return Response(status=303, headers={"Location": url_for("tracking.of", ticket=ticket)})


_DEEDS: Final = {
    "lengkapi": _Deed("citizen/supplement.html", _supplement),
    "balas": _Deed("citizen/reply.html", _reply),
    "tambah": _Deed("citizen/add.html", _add),
    "tanggapi": _Deed("citizen/respond.html", _respond),
    "tarik": _Deed("citizen/withdraw.html", _withdraw),
    "data": _Deed("citizen/about_data.html", _about_data),
    "foto": _Deed("citizen/photos.html", _photos),
}
