"""The procedure as officers look at it: versions, what was added to the document, what that leaves open."""

from flask import Response

from portal.access import caller
from portal.pages.frame.page import page, pages
from portal.pages.officer import visits
from portal.parts import parts
from shared.domain.sop.checking.check import check_tenant
from shared.domain.sop.model import Sop

blueprint = pages("sops_kept", __name__, "/<tenant>/kelola/prosedur", first=(visits.require_visit,))


@blueprint.route("")
def shown(tenant: str) -> Response:
    """The version in force, with its additions and gaps; to an administrator also what checking it finds."""
    home = parts().runtime.tenants.get(tenant)
    findings = check_tenant(home.directory) if caller().admin else []
    return page(
        "officer/sops.html",
        desk=True,
        sop=home.sop,
        versions=sorted(home.sops, reverse=True),
        additions=_additions(home.sop),
        findings=[found for found in findings if found.severity != "info"],
        checked=caller().admin,
    )


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
