"""The letters' texts, edited in the browser: looked at with a made-up complaint first, every version kept."""

from typing import Any, Final

from flask import Response, url_for

from portal.access import caller
from portal.pages.frame import asked, saying
from portal.pages.frame.forms import Filled, deed_of, faults_of, sentence_of, typed, version_given
from portal.pages.frame.language import gettext as _
from portal.pages.frame.page import now_at, page, pages
from portal.pages.officer import visits
from portal.pages.officer.accounts import require_administrator
from portal.pages.officer.letter_lint import check, filled, in_file, letters_with, names
from portal.parts import parts
from shared.application.letter_words import LetterWords, latest, save, texts_of, versions
from shared.base.errors import Conflict, Invalid, NotFound
from shared.domain.letters import VALUES
from shared.domain.tenants import Tenant
from shared.wording.coded_schema import CodedSchema, Written, load_coded

_MOST_TEXT: Final = 10_000
_SUFFIX: Final = ".txt"
_DEEDS: Final = ("simpan", "lihat", "kembali")

blueprint = pages("surat", __name__, "/<tenant>/kelola/surat", first=(visits.require_visit, require_administrator))


class _Letter(CodedSchema):
    text = Written(most=_MOST_TEXT, lines=True, required=True)
    why = Written(most=200, required=True)


@blueprint.route("")
def shown(tenant: str) -> Response:
    """Every text, where it comes from, and its first line."""
    home, settings = parts().home(tenant), parts().runtime.settings
    edits, now = latest(parts().runtime.database, tenant), now_at(home)
    groups: dict[str, list[dict[str, Any]]] = {}
    for name in names(home, settings):
        kind, _slash, stem = name.partition("/")
        told = edits.get(name)
        text, own = in_file(home, settings, name)
        row = {
            "kind": kind,
            "stem": stem.removesuffix(_SUFFIX),
            "first": ((told and told.text) or text).strip().partition("\n")[0],
            "edit": _edit(told, home, now) if told and told.text is not None else None,
            "own": own,
        }
        groups.setdefault(kind, []).append(row)
    said = {"disimpan": _("Tersimpan. Surat yang ditulis mulai sekarang memakainya.")}
    done = asked.done(said)
    return page("officer/letter_words.html", desk=True, form=Filled(), groups=groups, titles=_titles(), done=done)


@blueprint.route("/<kind>/<stem>")
def one(tenant: str, kind: str, stem: str) -> Response:
    """One text: what counts now, and every edit there was.

    :raises NotFound: if no letter is worded by it.
    """
    home, name = _found(tenant, kind, stem)
    words = versions(parts().runtime.database, tenant, name)
    text = words[0].text if words and words[0].text is not None else in_file(home, parts().runtime.settings, name)[0]
    return _form(home, name, words[0].version if words else 0, Filled({"text": text}))


@blueprint.route("/<kind>/<stem>", methods=["POST"])
def decide(tenant: str, kind: str, stem: str) -> Response:
    """Look at a text with a made-up complaint, let it count, or let a former version count again.

    :raises NotFound: if no letter is worded by it, or there is no such version or deed.
    """
    home, name = _found(tenant, kind, stem)
    form, since, deed = typed(("text", "why")), version_given("since"), deed_of(_DEEDS)
    text: str | None = form.value("text")
    if deed == "kembali":
        text = _former(tenant, name, version_given("of"))
        form = Filled(
            {**form.values, "text": in_file(home, parts().runtime.settings, name)[0] if text is None else text}
        )
    wanted = ("text",) if deed == "lihat" else ("text", "why")
    try:
        load_coded(_Letter(only=wanted), {each: form.value(each) for each in wanted})
        after = _after(tenant, name, text)
        check(home, parts().runtime.settings, name, _after(tenant), after, now_at(home).year)
    except Invalid as error:
        return _form(home, name, since, form.with_faults(faults_of(error)), 422)
    if deed == "lihat":
        return _form(home, name, since, form, preview=True)
    runtime = parts().runtime
    try:
        why = form.value("why").strip()
        save(runtime.database, tenant, name, since, text, caller().user, why, runtime.clock.now())
    except Conflict as error:
        return _form(home, name, since, form, 409, banner=sentence_of(error))
    return Response(status=303, headers={"Location": url_for("surat.shown", kabar="disimpan")})


def _found(tenant: str, kind: str, stem: str) -> tuple[Tenant, str]:
    home, name = parts().home(tenant), f"{kind}/{stem}{_SUFFIX}"
    if name not in names(home, parts().runtime.settings):
        raise NotFound("no_such_page")
    return home, name


def _former(tenant: str, name: str, version: int) -> str | None:
    """A former version's text; none for the file's, which is version 0."""
    if version == 0:
        return None
    words = versions(parts().runtime.database, tenant, name)
    old = next((each for each in words if each.version == version), None)
    if old is None:
        raise NotFound("no_such_page")
    return old.text


def _after(tenant: str, name: str = "", text: str | None = None) -> dict[str, str]:
    """What counts instead of files, with one text as it would be."""
    now = dict(texts_of(latest(parts().runtime.database, tenant)))
    now.pop(name, None)
    return now if text is None else {**now, name: text}


def _form(
    home: Tenant,
    name: str,
    since: int,
    form: Filled,
    status: int = 200,
    banner: str | None = None,
    *,
    preview: bool = False,
) -> Response:
    runtime, now = parts().runtime, now_at(home)
    words = versions(runtime.database, home.id, name)
    kind, _slash, stem = name.partition("/")
    after = _after(home.id, name, form.value("text"))
    letter = next(letters_with(home, runtime.settings, name, after), None) if preview else None
    return page(
        "officer/letter_words_one.html",
        status,
        desk=True,
        form=form,
        name=name.removesuffix(_SUFFIX),
        kind=kind,
        stem=stem.removesuffix(_SUFFIX),
        since=since,
        counts=words[0].version if words else 0,
        banner=banner,
        values=sorted(VALUES.get(kind) or frozenset.intersection(*map(frozenset, VALUES.values()))),
        preview=filled(home, runtime.settings, letter, after, now.year) if letter else None,
        history=[_edit(each, home, now) for each in words],
        file=in_file(home, runtime.settings, name)[0],
        labels={"text": _("Tulisan"), "why": _("Mengapa diubah?")},
        title=_titles()[kind],
        most_text=_MOST_TEXT,
        scripts=("filing.js",),
    )


def _titles() -> dict[str, str]:
    return {
        "reporter": _("Kepada pelapor"),
        "officer": _("Kepada petugas"),
        "parts": _("Bagian yang dipakai beberapa surat"),
    }


def _edit(words: LetterWords, home: Tenant, now: Any) -> dict[str, Any]:
    when = saying.moment(words.saved_at.astimezone(home.zone), now)
    return {"version": words.version, "when": when, "by": words.account, "why": words.why, "text": words.text}
