"""The procedure as officers look at it: versions, what was added to the document, what that leaves open."""

from typing import Any

from flask import Response

from portal.access import caller
from portal.pages.frame import asked, saying
from portal.pages.frame.drawings import drawn
from portal.pages.frame.language import gettext as _
from portal.pages.frame.page import now_at, page, pages
from portal.pages.officer import sop_drafts, visits
from portal.parts import parts
from shared.application.letter_words import texts_counting
from shared.base.errors import NotFound
from shared.domain.sop.checking.finding import INFO
from shared.domain.sop.drawing.svg import svg
from shared.domain.sop.model import Sop
from shared.domain.tenants import Tenant
from shared.domain.whatif.standing import check_standing

blueprint = pages("sops_kept", __name__, "/<tenant>/kelola/prosedur", first=(visits.require_visit,))


@blueprint.route("")
def shown(tenant: str) -> Response:
    """A version, the one in force unless ``versi`` names another; to an administrator also what checking them finds."""
    home = parts().home(tenant)
    version = asked.choice("versi", [str(each) for each in home.sops])
    sop = home.sops[int(version)] if version else home.sop
    checked = caller().admin
    findings = check_standing(home, texts_counting(parts().runtime.database, home.id)) if checked else ()
    said = {
        "disetujui": _("Disetujui. Aduan baru masuk di bawah versi baru; berkas berjalan tetap di versinya."),
        "batal": _("Usulan tidak diberlakukan."),
    }
    return page(
        "officer/sops.html",
        desk=True,
        sop=sop,
        in_force=home.sop.version,
        versions=_versions(home),
        running=sop_drafts.running(home) if checked else None,
        drafts=sop_drafts.kept(home) if checked else None,
        additions=_additions(sop),
        findings=[found for found in findings if found.severity != INFO],
        checked=checked,
        done=asked.done(said),
    )


@blueprint.route("/<int:version>/alur.svg")
def drawing(tenant: str, version: int) -> Response:
    """The flow of a version as a drawing.

    :raises NotFound: if there is no such version.
    """
    sop = parts().home(tenant).sops.get(version)
    if sop is None:
        raise NotFound("no_such_page")
    return drawn(svg(sop))


def _versions(home: Tenant) -> list[dict[str, Any]]:
    """Every version, the latest first; one that was approved here with when it began to count."""
    now = now_at(home)
    since = {each.version: saying.moment(each.counts_from.astimezone(home.zone), now) for each in home.approved}
    return [{"version": version, "since": since.get(version)} for version in sorted(home.sops, reverse=True)]


def _additions(sop: Sop) -> list[tuple[str, str]]:
    """Steps and actions that the document does not state, with where they come from."""
    steps = [(step.activity, step.source) for step in sop.steps if step.source and not step.confirmed]
    actions = [
        (f"{step.activity}: {action.name}", action.source)
        for step in sop.steps
        for action in step.actions
        if action.source and not action.confirmed and not step.source
    ]
    return [(what, source or "") for what, source in (*steps, *actions)]
