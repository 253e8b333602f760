"""A new version of the procedure, sent in the browser: checked and compared first, then approved by another."""

from collections.abc import Mapping
from typing import Any, Final

from flask import Response

from portal.access import caller
from portal.pages.frame.drawings import drawn
from portal.pages.frame.forms import Filled, Reason, faults_of, typed, version_given
from portal.pages.frame.language import gettext as _
from portal.pages.frame.page import page, pages
from portal.pages.officer import visits
from portal.pages.officer.accounts import require_administrator
from portal.pages.officer.approving import Deciding, draft_page, draft_words, saved, tried
from portal.pages.officer.what_if import text_sent
from portal.parts import parts
from shared.application.letter_words import texts_counting
from shared.application.procedure_drafts import ProcedureDraft, approve, draft, draft_of, drafts, highest, let_go
from shared.base.errors import Conflict, Invalid, Unavailable
from shared.channels.checking import check_channels
from shared.domain.sop.checking.finding import ERROR, INFO, Finding
from shared.domain.sop.comparing import PARTS, Change, changes
from shared.domain.sop.drawing.svg import svg
from shared.domain.sop.model import Sop
from shared.domain.sop.reading.versions import older_file
from shared.domain.tenants import Tenant
from shared.domain.whatif.drafts import readable
from shared.domain.whatif.standing import check_draft, taken
from shared.wording.coded_schema import load_coded
from shared.wording.codes import field_message
from shared.wording.yaml_lines import FileError

blueprint = pages(
    "versi", __name__, "/<tenant>/kelola/prosedur/usulan", first=(visits.require_visit, require_administrator)
)


@blueprint.route("/baru")
def form(tenant: str) -> Response:
    """Choose the file of a new version."""
    return _form(parts().home(tenant), Filled())


@blueprint.route("/baru", methods=["POST"])
def keep(tenant: str) -> Response:
    """Keep a draft that can be read, for another administrator to look at; what cannot be read is told by its line."""
    home, given = parts().home(tenant), typed(("why",))
    faults: dict[str, list[Any]] = {}
    text, sop = None, None
    try:
        load_coded(Reason(), {"why": given.value("why")})
    except Invalid as error:
        faults |= {name: list(told) for name, told in error.fields.items()}
    try:
        text = text_sent("sop")
        sop = readable(home, text) if text is not None else None
        if sop is None:
            faults["sop"] = ["procedure_file"]
        elif sop.version != (free := taken(home) + 1):
            faults["sop"] = [field_message("procedure_version", version=free)]
    except Invalid as error:
        faults |= {name: list(told) for name, told in error.fields.items()}
    except FileError as error:
        return _form(home, given, 422, _without_folder(home, str(error)))
    if faults or text is None or sop is None:
        told = faults_of(Invalid("invalid_fields", fields=faults))
        return _form(home, given.with_faults(told), 422)
    runtime, why = parts().runtime, given.value("why").strip()
    number = draft(runtime.database, tenant, sop.version, text, caller().user, why, runtime.clock.now())
    return saved("versi.one", number)


@blueprint.route("/<int:number>")
def one(tenant: str, number: int) -> Response:
    """A draft: what checking it finds, what it changes, what was decided; with ``riwayat=ya`` the last months under it.

    :raises NotFound: if there is none of that number.
    """
    return _one(parts().home(tenant), draft_of(parts().runtime.database, tenant, number))


@blueprint.route("/<int:number>/alur.svg")
def drawing(tenant: str, number: int) -> Response:
    """Its flow as a drawing.

    :raises NotFound: if there is none of that number.
    :raises Conflict: ``procedure_wrong`` if it cannot be read any more.
    """
    home = parts().home(tenant)
    found = draft_of(parts().runtime.database, tenant, number)
    try:
        return drawn(svg(readable(home, found.text)))
    except FileError:
        raise Conflict("procedure_wrong") from None


@blueprint.route("/<int:number>/sop.yaml")
def text(tenant: str, number: int) -> Response:
    """Its file, as it was sent.

    :raises NotFound: if there is none of that number.
    """
    found = draft_of(parts().runtime.database, tenant, number)
    name = f"attachment; filename={older_file(found.version)}"
    return Response(found.text, content_type="application/yaml; charset=utf-8", headers={"Content-Disposition": name})


@blueprint.route("/<int:number>", methods=["POST"])
def decided(tenant: str, number: int) -> Response:
    """Approve a draft, or let it go; whoever sent it may only take it back.

    :raises NotFound: if there is none of that number, or what is asked for is none of the page's own.
    """
    return _DECIDING.decide(tenant, number)


def kept(home: Tenant) -> list[dict[str, Any]]:
    """All drafts there ever were, for the page of the procedure."""
    return [_words(each, home) for each in drafts(parts().runtime.database, home.id)]


def running(home: Tenant) -> Mapping[str, int] | None:
    """How many dossiers stay on which version; none where that cannot be told just now."""
    try:
        return parts().gateway.running(home.id, caller())
    except Unavailable:
        return None


def _require_approvable(home: Tenant, found: ProcedureDraft) -> None:
    """What was looked at is what is approved, and it may follow the present version without harm.

    :raises Conflict: ``procedure_changed`` or ``procedure_wrong``.
    """
    try:
        free = taken(home) + 1
    except FileError:
        raise Conflict("procedure_wrong") from None
    if version_given("base") != home.sop.version or found.version != free:
        raise Conflict("procedure_changed")
    findings, broken = _findings(home, found.text)
    if broken is not None or any(each.severity == ERROR for each in findings):
        raise Conflict("procedure_wrong")


def _findings(home: Tenant, text: str) -> tuple[list[Finding], str | None]:
    """What checking finds; instead, why the draft cannot be read."""
    runtime = parts().runtime
    try:
        texts = texts_counting(runtime.database, home.id)
        found = check_draft(home, text, parts().every.all(), texts, check_channels)
    except FileError as error:
        return [], _without_folder(home, str(error))
    return [each for each in found if each.severity != INFO], None


def _without_folder(home: Tenant, told: str) -> str:
    return told.replace(f"{home.directory}/", "")


def _words(found: ProcedureDraft, home: Tenant) -> dict[str, Any]:
    return {**draft_words(found, home), "version": found.version}


def _free(home: Tenant) -> int:
    """The number that a new version bears; as far as can be told where a file cannot be read."""
    try:
        return taken(home) + 1
    except FileError:
        return max(home.sops) + 1


def _form(home: Tenant, filled: Filled, status: int = 200, broken: str | None = None) -> Response:
    return page(
        "officer/sop_draft_form.html",
        status,
        desk=True,
        form=filled,
        broken=broken,
        present=home.sop.version,
        free=_free(home),
        labels={"sop": _("Berkas sop.yaml versi baru"), "why": _("Mengapa diusulkan?")},
        scripts=("filing.js",),
    )


def _one(
    home: Tenant, found: ProcedureDraft, given: Filled | None = None, status: int = 200, banner: str | None = None
) -> Response:
    findings: list[Finding] = []
    broken, sop = None, None
    try:
        sop = readable(home, found.text)
    except FileError as error:
        broken = _without_folder(home, str(error))
    undecided = found.decided_at is None
    if undecided and sop is not None:
        findings, broken = _findings(home, found.text)
    grave = broken is not None or any(each.severity == ERROR for each in findings)
    late = undecided and found.version != _free(home)
    return draft_page(
        "officer/sop_draft.html",
        found,
        given,
        status,
        banner,
        draft=_words(found, home),
        sop=sop,
        findings=findings,
        broken=broken,
        grave=grave,
        late=late,
        approvable=not late and not grave,
        tables=_tables(home.sop, sop) if undecided and sop is not None else None,
        running=running(home) if undecided else None,
        replayed=tried(home, sop=found.text) if undecided and broken is None else None,
        base=home.sop.version,
        seen=highest(parts().runtime.database, home.id),
    )


def _tables(before: Sop, after: Sop) -> list[dict[str, Any]]:
    """What differs, a table for each kind; kinds in which nothing differs are named, too."""
    found, titles = changes(before, after), _titles()
    return [
        {
            "part": part,
            "title": titles[part],
            "rows": [(_where(each, before, after), each) for each in found if each.part == part],
        }
        for part in PARTS
    ]


def _where(change: Change, before: Sop, after: Sop) -> str:
    """A step or role by what it is called; a part of the file by its own name."""
    for sop in (after, before):
        if change.part == "actors" and sop.has_actor(change.where):
            return sop.actor(change.where).title
        if change.part not in ("actors", "rest") and sop.has_step(change.where):
            return sop.step(change.where).activity
    return change.where


def _titles() -> dict[str, str]:
    return {
        "steps": _("Langkah"),
        "standards": _("Batas waktu"),
        "actors": _("Pelaku"),
        "ways": _("Jalan ke langkah lain"),
        "back": _("Jalan kembali"),
        "rest": _("Bagian lain"),
    }


_DECIDING: Final = Deciding(draft_of, approve, let_go, _require_approvable, _one, "sops_kept.shown")
