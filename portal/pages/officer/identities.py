"""A desk compares a citizen's identity with its document: the citizen tells a number, the desk sees what it says."""

from flask import Response, request

from portal import citizens
from portal.access import caller
from portal.api.citizens import check_desk
from portal.pages.frame.forms import Filled, sentence_of, typed
from portal.pages.frame.page import page, pages
from portal.pages.officer import visits
from shared.application.citizens.accounts import Account
from shared.base.errors import Conflict, NotFound
from shared.domain.complaint.spelling import code_of

_LONGEST = 60

blueprint = pages("cocok", __name__, "/<tenant>/warga", first=(visits.require_visit, check_desk))


@blueprint.route("")
def form(tenant: str) -> Response:
    """Ask for the number."""
    del tenant
    return _shown(Filled())


@blueprint.route("", methods=["POST"])
def look(tenant: str) -> Response:
    """Show what is to be compared; or note that it was, and is the same."""
    given = typed(("number",))
    number = code_of(given.value("number")[:_LONGEST])
    compared = bool(request.form.get("sesuai"))
    try:
        if compared:
            return _shown(Filled(), account=citizens.accounts().verify(tenant, number, caller().user), compared=True)
        return _shown(given, account=citizens.at_desk(tenant, number, caller()))
    except (NotFound, Conflict) as error:
        return _shown(given.with_faults({"number": sentence_of(error)}), error.status)


def _shown(given: Filled, status: int = 200, *, account: Account | None = None, compared: bool = False) -> Response:
    return page("officer/identities.html", status, desk=True, form=given, account=account, compared=compared)
