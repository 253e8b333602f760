"""Publishing, by two people: one writes what the public may read, whoever runs the procedure publishes it."""

from collections.abc import Mapping
from typing import Any, Final

from flask import Response, request, url_for

from portal.access import caller
from portal.api.officers import dossier_id
from portal.correlation import request_id
from portal.gateway import PageAsked
from portal.pages.frame import asked, late_form
from portal.pages.frame.forms import KEY, Filled, faults_of, sentence_of, typed, version_given
from portal.pages.frame.language import gettext as _
from portal.pages.frame.page import instant_at, now_at, page, pages
from portal.pages.officer import reasons, visits
from portal.pages.officer.own_choices import per_page
from portal.pages.officer.words import field_label, mark_of, status_words
from portal.parts import parts
from shared.base.errors import Conflict, Invalid, NotFound
from shared.base.whole_numbers import whole_number
from shared.domain.tenants import Tenant

_TEXTS: Final = ("summary", "public_answer", "reason")
_WHOLE: Final = "summary_version"
_VERSIONS: Final = ("version", _WHOLE)
"""What a form names of that which its writer had before them."""
_DEEDS: Final = ("write_summary", "publish_summary", "give_back_summary", "withdraw_summary")
_SENT_WITH: Final[Mapping[str, tuple[str, ...]]] = {
    "write_summary": ("summary", "public_answer"),
    "publish_summary": (),
    "give_back_summary": ("reason",),
    "withdraw_summary": ("reason",),
}

blueprint = pages("publishing", __name__, "/<tenant>/terbitkan", first=(visits.require_visit,))


@blueprint.route("")
def shown(tenant: str) -> Response:
    """What waits to be published, then what nobody has written yet."""
    home = parts().home(tenant)
    parts().freshness.catch_up(tenant, "reporting")
    after = asked.one("sesudah")
    found = parts().gateway.to_publish(tenant, PageAsked(after, per_page()), caller())
    now = now_at(home)
    rows = [{**each, "since": instant_at(each["publication_at"], home)} for each in found["items"]]
    groups = [(words, [row for row in rows if row["publication"] in states]) for words, states in _groups()]
    more = found.get("next")  # none of services of the version before, while an upgrade goes on
    return page(
        "officer/publishing.html",
        desk=True,
        groups=[(words, group) for words, group in groups if group],
        mark_of=mark_of,
        more=more,
        whole=not (after or more),
        now=now,
    )


@blueprint.route("/<ticket>")
def one(tenant: str, ticket: str) -> Response:
    """The original beside what is to be public, and what that will look like."""
    return _page(tenant, ticket, Filled())


@blueprint.route("/<ticket>/putusan", methods=["POST"])
def decide(tenant: str, ticket: str) -> Response:
    """Write, publish, give back or withdraw. A look at what it will be like changes nothing.

    What is written names the dossier's version that was before its writer: of two who write at once the second is told,
    and takes the place of no text that they have not seen, neither after a look at it nor after a refused try.
    """
    action = request.form.get("deed", "")
    if action not in _DEEDS:
        return _page(tenant, ticket, typed(_SENT_WITH["write_summary"]), preview=True, seen=request.form)
    form = typed(_SENT_WITH[action])
    version = request.form.get(_WHOLE, "")
    fields: dict[str, Any] = {name: form.value(name) for name in _SENT_WITH[action] if form.value(name).strip()}
    if action in ("publish_summary", "give_back_summary"):
        fields[_WHOLE] = whole_number(version) or 0
    try:
        view = parts().gateway.act(
            tenant,
            dossier_id(tenant, ticket),
            action=action,
            fields=fields,
            version=version_given("version") if action == "write_summary" else None,
            caller=caller(),
            correlation_id=request_id(),
            key=request.form.get(KEY) or request_id(),
        )
    except Invalid as error:
        return _page(tenant, ticket, form.with_faults(faults_of(error)), status=422, seen=request.form)
    except Conflict as error:
        return _page(tenant, ticket, form, status=409, banner=sentence_of(error))
    parts().freshness.wrote(tenant, view["position"])
    return Response(status=303, headers={"Location": url_for("publishing.one", ticket=ticket, kabar=action)})


@blueprint.route("/<ticket>/lanjut", methods=["POST"])
def resume(tenant: str, ticket: str) -> Response:
    """What was sent after a visit had ended: shown again, and not sent by itself."""
    left = late_form.left(request.form.get(late_form.LEFT), "path")
    fields: dict[str, str] = left["fields"] if left else {}
    filled = Filled({name: fields[name] for name in _TEXTS if name in fields})
    return _page(tenant, ticket, filled, banner=_("Belum terkirim. Periksa lalu kirim.") if filled.values else None)


def _page(
    tenant: str,
    ticket: str,
    form: Filled,
    status: int = 200,
    banner: str | None = None,
    *,
    preview: bool = False,
    seen: Mapping[str, str] | None = None,
) -> Response:
    """The page of one summary.

    :param seen: the form that is shown again without what others have written since: it keeps the versions that it
        names. None where what stands now is shown.
    """
    if reasons.must_say():
        told = banner or "; ".join(form.faults.values()) or None
        return reasons.ask_of(tenant, ticket, url_for("publishing.one", ticket=ticket), status, told)
    home = parts().home(tenant)
    why = reasons.said_why()
    view = parts().gateway.dossier(tenant, dossier_id(tenant, ticket), caller(), why)
    state: dict[str, Any] = view["publication"]
    if state["facts"] is None:
        raise NotFound("nothing_answered")
    stands = state["written"] or state["published"]
    # Above a text that was not taken stands the other's, which its writer has not read.
    aside = banner is not None and stands is not None
    own = preview or ("summary" in form.values and not aside)
    now = now_at(home)
    texts = Filled({**_begun(view, home), **form.values}, form.faults)
    return page(
        "officer/publishing_one.html",
        status,
        desk=True,
        view=view,
        state=state,
        may={each["action"] for each in view["beside"]},
        form=texts,
        seen={name: seen.get(name, "") for name in _VERSIONS} if seen is not None else _versions(view),
        preview=_previewed(state, _typed(form) if preview else None if own else stands),
        own=own,
        banner=banner,
        done=_done(),
        answers=[each["text"] for each in view["timeline"] if each["event"] == "Answered" and each.get("text")],
        writer=_who(state["written"] or state["published"], home),
        labels={name: field_label(name) for name in _TEXTS},
        mark=mark_of(view["privacy"]),
        filed=instant_at(view["filed_at"], home),
        now=now,
        status_words=status_words,
        scripts=("filing.js",),
    )


def _previewed(state: Mapping[str, Any], words: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """What the public would read with these words; none without any."""
    return {**state["facts"], **words} if words else None


def _versions(view: Mapping[str, Any]) -> dict[str, Any]:
    written = view["publication"]["written"]
    return {"version": view["version"], _WHOLE: written["version"] if written else ""}


def _begun(view: Mapping[str, Any], home: Tenant) -> dict[str, str]:
    """What stands in the box at first: what was written before, else category and place; never the complaint."""
    state = view["publication"]
    if (written := state["written"] or state["published"]) is not None:
        return {"summary": written["summary"], "public_answer": written["public_answer"] or ""}
    facts = state["facts"]
    place = ", ".join(name for name in (facts["desa"], facts["kecamatan"]) if name) or home.name
    what = facts["category"]
    return {"summary": f"{what}, {place}: " if what else f"{place}: "}


def _typed(form: Filled) -> dict[str, str]:
    return {"summary": form.value("summary"), "public_answer": form.value("public_answer")}


def _who(text: Mapping[str, Any] | None, home: Tenant) -> str:
    if text is None:
        return ""
    sop = home.sop
    role = sop.actor(text["actor"]).title if sop.has_actor(text["actor"]) else text["actor"]
    return ", ".join(filter(None, (text["user"], role, home.agency_name(text["agency"]))))


def _groups() -> list[tuple[str, tuple[str, ...]]]:
    return [
        (_("Menunggu diterbitkan"), ("written",)),
        (_("Dikembalikan untuk diperbaiki"), ("given_back",)),
        (_("Belum ditulis"), ("unwritten",)),
        (_("Ditarik dari halaman umum"), ("withdrawn",)),
    ]


def _done() -> str | None:
    words = {
        "write_summary": _("Ringkasan tersimpan. Sekarang menunggu orang kedua menerbitkannya."),
        "publish_summary": _("Sudah terbit di halaman umum."),
        "give_back_summary": _("Dikembalikan kepada penulisnya."),
        "withdraw_summary": _("Sudah ditarik dari halaman umum."),
    }
    return asked.done(words)
