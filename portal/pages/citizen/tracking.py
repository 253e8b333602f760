"""Following a complaint: ticket and code open its page, for half an hour after it was last looked at.

The code is posted, so that it stands in no address and no log. A wrong one and an unknown ticket read alike.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from flask import Response, jsonify, request, url_for

from portal import tries
from portal.pages.citizen import keeping
from portal.pages.citizen.acting import resumed
from portal.pages.citizen.asking import ask_code, left_form
from portal.pages.citizen.done import done_words
from portal.pages.citizen.keeping import OpenedByCode
from portal.pages.citizen.standing import heading, rated, remarks, which
from portal.pages.citizen.way import way_of
from portal.pages.frame import asked, saying
from portal.pages.frame.counted import counted
from portal.pages.frame.forms import Filled
from portal.pages.frame.language import gettext as _
from portal.pages.frame.late_form import LEFT
from portal.pages.frame.packing import packable
from portal.pages.frame.page import instant_at, now_at, page, pages
from portal.pages.frame.words import privacy_words, score_words
from portal.parts import parts
from shared.base.errors import NotFound
from shared.domain.complaint.spelling import code_of, ticket_of
from shared.domain.tenants import Tenant

_LONGEST: Final = 200
_ANSWERED_BY: Final = frozenset({"rate", "reopen", "close"})
"""What a reporter may do with an answer, by the form on the complaint's own page."""
_SEEN: Final = ("status", "step", "due_at", "published")

blueprint = pages("tracking", __name__, "/<tenant>")


@blueprint.route("/lacak")
def find(tenant: str) -> Response:
    """Ask for ticket and code."""
    del tenant
    packable()
    return ask_code(Filled())


@blueprint.route("/lacak/<ticket>")
def of(tenant: str, ticket: str) -> Response:
    """The same with the ticket filled in; where letters and QR codes lead."""
    number = ticket_of(ticket[:_LONGEST], parts().home(tenant).ticket_prefixes)
    return ask_code(Filled({"ticket": number}))


@blueprint.route("/lacak", methods=["POST"])
def enter(tenant: str) -> Response:
    """Open a complaint with its code."""
    return _entered(tenant, request.form.get("ticket", ""))


@blueprint.route("/lacak/<ticket>", methods=["POST"])
def enter_at(tenant: str, ticket: str) -> Response:
    """The same, from the address of a letter."""
    return _entered(tenant, request.form.get("ticket", ticket))


@blueprint.route("/aduan/<ticket>")
def opened(tenant: str, ticket: str) -> Response:
    """The page of a complaint that this browser has opened."""
    held = keeping.opened(tenant, ticket)
    if held is None:
        return Response(status=303, headers={"Location": url_for("tracking.of", ticket=ticket)})
    parts().freshness.catch_up(tenant, "intake")
    try:
        view = parts().gateway.track(tenant, held.ticket, held.code)
    except NotFound:
        # The code was renewed, or the ticket is another government's.
        response = Response(status=303, headers={"Location": url_for("tracking.of", ticket=ticket)})
        keeping.OPENED.forget(response)
        return response
    response = shown(tenant, view)
    keeping.open_for(response, tenant, held.ticket, held.code)
    return response


@blueprint.route("/aduan/<ticket>/kabar")
def news(tenant: str, ticket: str) -> Response:
    """Whether anything has happened since a page was made: it asks by itself when it is looked at again.

    There is no stream to reporters' pages: streams are few, and kept for those who work by them; a telephone would pay
    for one that says nothing for days, and a page that nobody looks at needs none. The half hour is not prolonged.
    Who is told that there is something has not read it: the question counts as no opening.
    """
    held = keeping.opened(tenant, ticket)
    if held is None:
        return Response(status=303, headers={"Location": url_for("tracking.of", ticket=ticket)})
    parts().freshness.catch_up(tenant, "intake")
    return jsonify({"mark": mark_of(parts().gateway.track(tenant, held.ticket, held.code, shown=False))})


@blueprint.route("/keluar-lacak", methods=["POST"])
def leave(tenant: str) -> Response:
    """Let this browser forget the complaint, and the receipt that tells the way to it."""
    response = Response(status=303, headers={"Location": url_for("citizen.start", tenant=tenant)})
    keeping.forget(response)
    return response


def mark_of(view: Mapping[str, Any]) -> str:
    """By which two states of a complaint are told apart as far as its reporter sees them; it says nothing itself."""
    seen = [len(view["timeline"]), len(view.get("files") or ()), *(view[name] for name in _SEEN)]
    asked_for = [each["state"] for each in view["data_requests"]]
    return sha256(json.dumps([*seen, *asked_for]).encode()).hexdigest()[:16]


def shown(tenant: str, view: Mapping[str, Any]) -> Response:
    """The page of a complaint."""
    home = parts().home(tenant)
    now, allowed = now_at(home), {each["action"] for each in view["allowed"]}
    return page(
        "citizen/complaint.html",
        view=view,
        which=which(view, home, now),
        heading=heading(view, home),
        remarks=remarks(view, home, now),
        way=way_of(view, home, now),
        said=_said(view, home, now),
        rated=rated(view),
        late=_late(view, home),
        explanation=_explanation(view, home, now),
        privacy=privacy_words(view["privacy"]),
        allowed=allowed,
        mark=mark_of(view),
        moment=saying.moment(now, now),
        data_moment=lambda told: saying.moment(instant_at(told, home), now),
        saying_brief=lambda text: saying.brief(instant_at(text, home), now),
        done=asked.done(done_words()),
        scripts=("sent.js", *(("filing.js",) if allowed & _ANSWERED_BY else ())),
    )


def _entered(tenant: str, typed: str) -> Response:
    home = parts().home(tenant)
    form = Filled({"ticket": typed[:_LONGEST].strip(), LEFT: request.form.get(LEFT, "")})
    code = code_of(request.form.get("code", "")[:_LONGEST])
    number = ticket_of(form.value("ticket"), home.ticket_prefixes)
    if not number or not code:
        faults = {} if number else {"ticket": _("Tulis nomor tiket, misalnya CLP-2026-000123")}
        faults |= {} if code else {"code": _("Tulis kode lacak dari tanda terima")}
        return ask_code(form.with_faults(faults), 422)
    try:
        with tries.opening(f"{tenant}/{number}"):
            parts().freshness.catch_up(tenant, "intake")
            view = parts().gateway.track(tenant, number, code)
    except NotFound:
        return ask_code(form, 404, wrong=True)
    left = left_form(form, view["ticket"])
    if left is None:
        response = Response(status=303, headers={"Location": url_for("tracking.opened", ticket=view["ticket"])})
    else:
        response = resumed(tenant, OpenedByCode(view["ticket"], code), left)
    keeping.open_for(response, tenant, view["ticket"], code)
    return response


def _said(view: Mapping[str, Any], home: Tenant, now: datetime) -> list[dict[str, Any]]:
    """What was said to and by the reporter, the latest first."""
    titles = {
        "interim": _("Jawaban sementara"),
        "final": _("Jawaban"),
        "balasan": _("Balasan dari petugas"),
        None: _("Anda menulis"),
    }
    told = []
    for entry in reversed(view["timeline"]):
        at = instant_at(entry["at"], home)
        if entry["event"] == "Rated":
            told.append(_rating(entry, saying.moment(at, now)))
            continue
        if entry["event"] not in ("Answered", "Replied") or not entry.get("text"):
            continue
        answer = entry["event"] == "Answered"
        told.append(
            {
                "answer": answer,
                "title": titles.get(entry.get("kind") if answer else None, titles["final"]),
                "when": saying.moment(at, now),
                "by": entry["agency_name"] or home.name if answer else "",
                "text": entry["text"],
            }
        )
    return told


def _rating(entry: Mapping[str, Any], when: str) -> dict[str, Any]:
    """What the reporter thought of the answer, in the form's words; what they wrote to it is for the desks alone."""
    given = _("%(score)s dari 5: %(words)s", score=entry["score"], words=score_words()[entry["score"] - 1])
    return {"answer": False, "title": _("Penilaian Anda"), "when": when, "by": "", "text": given}


def _late(view: Mapping[str, Any], home: Tenant) -> str | None:
    """By how much the first final answer was late; said as it is."""
    answers = [each for each in view["timeline"] if each["event"] == "Answered" and each.get("kind") != "interim"]
    if not answers or not view["promised_at"]:
        return None
    case = home.sop_of(view["sop_version"]).case
    promised = instant_at(view["promised_at"], home)
    at = instant_at(answers[0]["at"], home)
    if case is None or at <= promised:
        return None
    calendar = home.calendar
    seconds = calendar.between(promised, at) if case.within.time == "working" else int((at - promised).total_seconds())
    return saying.lateness(seconds)


def _explanation(view: Mapping[str, Any], home: Tenant, now: datetime) -> tuple[str, ...]:
    """How the promised time comes about, line by line, by the calendar as it was known when its clock began."""
    case = home.sop_of(view["sop_version"]).case
    if case is None or not view["promised_at"]:
        return ()
    return counted(view["counted"], case.within, instant_at(view["promised_at"], home), home, now)
