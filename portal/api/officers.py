"""What officers do: open an inbox, read a dossier, act on it, look at clocks and recaps."""

from typing import Any
from uuid import UUID

from flask import Response

from portal.access import caller, inbox_of, require_officer, spelled, tenant
from portal.api import PREFIX
from portal.correlation import request_id
from portal.documented import Documented, answer
from portal.gateway import PageAsked
from portal.idempotency import PARAMETER, request_key
from portal.parts import parts
from portal.queries import ActionBody, ClocksQuery, DossierQuery, InboxQuery, PositionQuery, RecapQuery
from portal.shapes import ClocksShape, DossierAfterShape, DossierShape, InboxShape, RecapShape
from portal.suggestion_shapes import SuggestionsShape
from shared.application.runtime import ensure_seen
from shared.base.errors import NotFound

blueprint = Documented("officers", __name__, url_prefix=f"{PREFIX}/<tenant>", description="With a bearer token")
blueprint.before_request(require_officer)


@blueprint.route("/inbox")
@blueprint.arguments(InboxQuery(), location="query")
@blueprint.answers(200, InboxShape, 401, 403, 404, 422, 503, secured=True)
def inbox(query: dict[str, Any], tenant: str) -> Response:
    """Open tasks, soonest due first: the token's own, or those of the agency and actor asked for."""
    agency, actor = inbox_of(caller(), _home(), query["agency"], query["actor"])
    parts().freshness.catch_up(tenant, "routing")
    return answer(parts().gateway.inbox(tenant, agency, actor, PageAsked.of(query), caller()))


@blueprint.route("/dossiers/<dossier>")
@blueprint.arguments(DossierQuery(), location="query")
@blueprint.answers(200, DossierShape, 401, 403, 404, 422, 503, secured=True)
def dossier(query: dict[str, Any], tenant: str, dossier: str) -> Response:
    """A dossier, by its id or its ticket: where it is, its clocks, its history, and what may be done now.

    That it was opened is recorded before it is shown.
    """
    # The service reads the log itself; only the way from a ticket to its dossier can be behind.
    found = dossier_id(tenant, dossier, query["min_position"])
    return answer(parts().gateway.dossier(tenant, found, caller(), query["why"]))


@blueprint.route("/dossiers/<dossier>/suggestions")
@blueprint.arguments(PositionQuery(), location="query")
@blueprint.answers(200, SuggestionsShape, 401, 403, 404, 422, 503, secured=True)
def suggestions(query: dict[str, Any], tenant: str, dossier: str) -> Response:
    """Complaints that may be about the same matter, and agencies and categories that such ones had before."""
    found = dossier_id(tenant, dossier, query["min_position"])
    parts().freshness.catch_up(tenant, "reporting")
    return answer(parts().gateway.suggestions(tenant, found, caller()))


@blueprint.route("/dossiers/<dossier>/actions", methods=["POST"])
@blueprint.arguments(ActionBody())
@blueprint.doc(parameters=[PARAMETER])
@blueprint.answers(200, DossierAfterShape, 400, 401, 403, 404, 409, 413, 415, 422, 503, secured=True)
def act(asked: dict[str, Any], tenant: str, dossier: str) -> Response:
    """Do one of the actions that the dossier allows."""
    view = parts().gateway.act(
        tenant,
        dossier_id(tenant, dossier),
        action=asked["action"],
        fields=with_ids(tenant, asked["fields"]),
        version=asked["version"],
        caller=caller(),
        correlation_id=request_id(),
        key=request_key(),
    )
    parts().freshness.wrote(tenant, view["position"])
    return answer(view)


@blueprint.route("/clocks")
@blueprint.arguments(ClocksQuery(), location="query")
@blueprint.answers(200, ClocksShape, 401, 403, 404, 422, 503, secured=True)
def clocks(query: dict[str, Any], tenant: str) -> Response:
    """Clocks in the given states, soonest due first; an agency's officer sees the agency's."""
    parts().freshness.catch_up(tenant, "sla")
    return answer(parts().gateway.clocks(tenant, query.get("state", []), PageAsked.of(query), caller()))


@blueprint.route("/recap")
@blueprint.arguments(RecapQuery(), location="query")
@blueprint.answers(200, RecapShape, 401, 403, 404, 422, 503, secured=True)
def recap(query: dict[str, Any], tenant: str) -> Response:
    """The statistics of a month."""
    parts().freshness.catch_up(tenant, "reporting")
    return answer(parts().gateway.recap(tenant, query["month"], query["min_position"], caller()))


_home = tenant


def with_ids(tenant: str, fields: dict[str, Any]) -> dict[str, Any]:
    """The fields of an action, another dossier named by its id: officers may give its ticket there too.

    A name of none is left to the service, which first asks whether the officer may do this at all.
    """
    if not isinstance(fields.get("into"), str):
        return fields
    try:
        return {**fields, "into": dossier_id(tenant, fields["into"])}
    except NotFound:
        return fields


def dossier_id(tenant: str, named: str, min_position: int | None = None) -> str:
    """The dossier's id; officers may also give its ticket, which is what people quote.

    :raises NotFound: if there is no dossier of that name.
    """
    try:
        return str(UUID(named))
    except ValueError:
        pass
    parts().freshness.catch_up(tenant, "intake")
    ensure_seen(parts().runtime, ["intake"], min_position)
    try:
        return parts().dossier_of(tenant, spelled(named))
    except NotFound:
        raise NotFound("unknown_dossier") from None
