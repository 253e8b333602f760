"""Beginnings of answers, edited in the browser: each edit a version with who, when and why, and none is ever lost."""

import re
from collections.abc import Iterable
from typing import Any, Final

from flask import Response, request, url_for

from portal.access import caller
from portal.pages.frame import asked, saying
from portal.pages.frame.forms import Filled, deed_of, faults_of, sentence_of, typed, version_given
from portal.pages.frame.language import gettext as _
from portal.pages.frame.page import now_at, page, pages
from portal.pages.officer import visits
from portal.pages.officer.accounts import require_administrator
from portal.pages.officer.beginnings import begun
from portal.parts import parts
from shared.application.answer_words import AnswerWords, save, versions
from shared.base.errors import Conflict, Invalid, NotFound
from shared.domain.answer_templates import AnswerTemplate
from shared.domain.tenants import Tenant
from shared.wording.coded_schema import CodedSchema, Written, load_coded

NEW: Final = "baru"
_FIELDS: Final = ("title", "text", "why")
_DEEDS: Final = ("simpan", "lihat", "hapus")
_MOST_TITLE: Final = 100
_MOST_TEXT: Final = 5000
_KNOWN: Final = frozenset({"{ticket}", "{office}"})
_PLACE: Final = re.compile(r"\{[^{}\n]*\}")
_BRACKETS: Final = re.compile(r"\[[^\[\]\n]+\]|\{[^{}\n]*\}")

blueprint = pages("kata", __name__, "/<tenant>/kelola/kata", first=(visits.require_visit, require_administrator))


class _Words(CodedSchema):
    title = Written(most=_MOST_TITLE, required=True)
    text = Written(most=_MOST_TEXT, lines=True, required=True)
    why = Written(most=200, required=True)


@blueprint.route("")
def shown(tenant: str) -> Response:
    """Those that count now, and every edit there was."""
    return _list(tenant)


@blueprint.route("", methods=["POST"])
def restore(tenant: str) -> Response:
    """Let an earlier version count again, as a new one."""
    home = parts().home(tenant)
    every = versions(parts().runtime.database, home)
    form = typed(("of", "why"))
    old = next((each for each in every if str(each.version) == form.value("of")), None)
    if old is None:
        raise NotFound("no_such_page")
    try:
        load_coded(_Words(only=("why",)), {"why": form.value("why")})
    except Invalid as error:
        return _list(tenant, form.with_faults({f"why-{old.version}": faults_of(error)["why"]}), 422)
    try:
        _save(home, version_given("since"), old.answers, form.value("why").strip())
    except Conflict as error:
        return _list(tenant, form, 409, sentence_of(error))
    return _kept("dikembalikan")


@blueprint.route("/<name>")
def one(tenant: str, name: str) -> Response:
    """One of them, or an empty form for a new one.

    :raises NotFound: if there is none of that name.
    """
    home = parts().home(tenant)
    template, latest = _found(home, name)
    values = {"title": template.title, "text": template.text} if template else {}
    chosen = template.agencies if template else ()
    return _form(home, name, latest.version, Filled(values), chosen)


@blueprint.route("/<name>", methods=["POST"])
def decide(tenant: str, name: str) -> Response:
    """Look at it with a made-up complaint, save it, or take it out.

    :raises NotFound: if there is none of that name, or what is asked for is none of the page's own.
    """
    home = parts().home(tenant)
    template, latest = _found(home, name)
    form, since = typed(_FIELDS), version_given("since")
    chosen = tuple(each for each, _name in _choices(home, template) if each in request.form.getlist("agencies"))
    deed = deed_of(_DEEDS)
    if deed == "hapus" and name not in {each.id for each in latest.answers}:
        told = _("Hanya milik pemerintah ini sendiri yang dapat dihapus.")
        return _form(home, name, since, form, chosen, 409, banner=told)
    faults = _faults(form, deed)
    if deed == "lihat" or faults:
        return _form(home, name, since, form.with_faults(faults), chosen, 422 if faults else 200, preview=not faults)
    own = latest.answers
    if deed == "hapus":
        answers = tuple(each for each in own if each.id != name)
    else:
        fresh = template.id if template else _named(form.value("title"), (each.id for each in home.answers_beside(own)))
        made = AnswerTemplate(fresh, form.value("title").strip(), form.value("text").strip(), chosen)
        there = [each.id for each in own]
        answers = tuple(made if each.id == fresh else each for each in own) + (() if fresh in there else (made,))
    try:
        _save(home, since, answers, form.value("why").strip())
    except Conflict as error:
        return _form(home, name, since, form, chosen, 409, banner=sentence_of(error))
    return _kept("dihapus" if deed == "hapus" else "disimpan")


def _faults(form: Filled, deed: str) -> dict[str, str]:
    """What is wrong with what was typed, by field."""
    wanted = {"lihat": ("title", "text"), "hapus": ("why",)}.get(deed, _FIELDS)
    found: dict[str, str] = {}
    try:
        load_coded(_Words(only=wanted), {name: form.value(name) for name in wanted})
    except Invalid as error:
        found = faults_of(error)
    if "text" in wanted and "text" not in found:
        unknown = [each for each in _PLACE.findall(form.value("text")) if each not in _KNOWN]
        left = _BRACKETS.sub("", form.value("text"))
        if unknown:
            told = _("%(what)s tidak dikenal; yang diisi halaman hanya {ticket} dan {office}", what=", ".join(unknown))
            found["text"] = told
        elif set(left) & set("[]{}"):
            found["text"] = _("Ada kurung yang tidak berpasangan, atau kosong di dalamnya")
    return found


def _named(title: str, taken: Iterable[str]) -> str:
    """A name in addresses for a new one, of its title."""
    plain = re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_")[:40]
    name = plain if plain[:1].isalpha() else f"jawaban_{plain}".rstrip("_")
    there, number = {*taken, NEW}, 2
    found = name
    while found in there:
        found, number = f"{name}_{number}", number + 1
    return found


def _found(home: Tenant, name: str) -> tuple[AnswerTemplate | None, AnswerWords]:
    latest = versions(parts().runtime.database, home)[0]
    if name == NEW:
        return None, latest
    every = home.answers_beside(latest.answers)
    template = next((each for each in every if each.id == name), None)
    if template is None:
        raise NotFound("no_such_page")
    return template, latest


def _save(home: Tenant, since: int, answers: tuple[AnswerTemplate, ...], why: str) -> None:
    save(parts().runtime.database, home, since, answers, caller().user, why, parts().runtime.clock.now())


def _kept(what: str) -> Response:
    return Response(status=303, headers={"Location": url_for("kata.shown", kabar=what)})


def _form(
    home: Tenant,
    name: str,
    since: int,
    form: Filled,
    chosen: tuple[str, ...],
    status: int = 200,
    banner: str | None = None,
    *,
    preview: bool = False,
) -> Response:
    template, latest = _found(home, name)
    own = {each.id for each in latest.answers}
    office = home.agency_name(chosen[0]) if chosen else home.name
    made_up = f"{home.sop.ticket_prefix}-{now_at(home).year}-000123"
    return page(
        "officer/answer_words_one.html",
        status,
        desk=True,
        form=form,
        name=name,
        since=since,
        new=name == NEW,
        own=name in own,
        banner=banner,
        chosen=chosen,
        agencies=_choices(home, template),
        preview=begun(form.value("text"), made_up, office or home.name) if preview else None,
        labels={"title": _("Judul"), "text": _("Tulisan"), "why": _("Mengapa diubah?")},
        most_text=_MOST_TEXT,
        scripts=("filing.js",),
    )


def _list(tenant: str, form: Filled | None = None, status: int = 200, banner: str | None = None) -> Response:
    home = parts().home(tenant)
    now = now_at(home)
    every = versions(parts().runtime.database, home)
    own = {each.id for each in every[0].answers}
    said = {
        "disimpan": _("Tersimpan. Petugas memakainya mulai sekarang."),
        "dihapus": _("Tidak ditawarkan lagi. Versi sebelumnya tetap tersimpan."),
        "dikembalikan": _("Versi itu berlaku lagi."),
    }
    rows = [
        {"template": each, "own": each.id in own, "offices": _offices(home, each)}
        for each in home.answers_beside(every[0].answers)
    ]
    return page(
        "officer/answer_words.html",
        status,
        desk=True,
        form=form or Filled(),
        banner=banner,
        done=asked.done(said),
        rows=rows,
        history=[_edit(each, home, now) for each in every],
        since=every[0].version,
        new=NEW,
    )


def _edit(words: AnswerWords, home: Tenant, now: Any) -> dict[str, Any]:
    when = saying.moment(words.saved_at.astimezone(home.zone), now) if words.saved_at else None
    return {"version": words.version, "when": when, "by": words.account, "why": words.why, "answers": words.answers}


def _offices(home: Tenant, template: AnswerTemplate) -> str:
    return ", ".join(filter(None, (home.agency_name(each) for each in template.agencies)))


def _choices(home: Tenant, template: AnswerTemplate | None) -> list[tuple[str, str]]:
    """The offices that it may be for, and those that are no more for which it is now: saved, it stays theirs."""
    there = [(each.id, each.name) for each in home.agencies]
    known = {each.id for each in home.agencies}
    return there + [(each, each) for each in (template.agencies if template else ()) if each not in known]
