"""What the public does: file a complaint, follow it, act on it with the tracking code."""

from collections.abc import Callable
from typing import Any, Final

from flask import Response, url_for

from portal import tries
from portal.access import registrar, require_tenant, spelled
from portal.api import PREFIX
from portal.correlation import request_id
from portal.documented import Documented, answer
from portal.idempotency import PARAMETER, request_key
from portal.parts import parts
from portal.queries import CodeQuery
from portal.shapes import OwnDataShape, ReadersShape, ReceiptShape, TrackingAfterShape, TrackingShape
from shared.application.runtime import ensure_seen
from shared.domain.complaint.schema import (
    ADD,
    ASK_ABOUT_DATA,
    REPORTER_ACTIONS,
    AboutDataSchema,
    AdditionSchema,
    ComplaintSchema,
)
from shared.wording.coded_schema import CodedSchema

CODE: Final[dict[str, Any]] = {
    "in": "query",
    "name": "code",
    "required": False,
    "schema": {"type": "string", "maxLength": 200},
    "description": "Tracking code; without it the ticket is unknown",
}

blueprint = Documented(
    "complaints", __name__, url_prefix=f"{PREFIX}/<tenant>/complaints", description="For everybody, without a token"
)
blueprint.before_request(require_tenant)


@blueprint.route("", methods=["POST"])
@blueprint.arguments(ComplaintSchema())
@blueprint.alt_response(200, schema=ReceiptShape, description="Filed before: the first receipt", success=True)
@blueprint.doc(parameters=[PARAMETER])
@blueprint.answers(201, ReceiptShape, 400, 401, 403, 404, 413, 415, 422, 429, 503)
def file(complaint: dict[str, Any], tenant: str) -> Response:
    """File a complaint.

    What the SOP requires and the complaint lacks is listed as missing, not refused; what cannot be used is kept as it
    was written. Sent again with the same ``channel`` and ``external_id`` it changes nothing. An officer who registers
    it for somebody sends a token, and ``occurred_at`` then dates it back. Without one, so many are taken from one
    network address in an hour and in a day; what is refused with 429 was not filed.
    """
    officer = registrar()
    counted = tries.count_filing(tenant, complaint.get("reporter") or {}) if officer is None else {}
    with tries.carried_out(counted):
        receipt = parts().gateway.file(tenant, complaint, officer, request_id(), key=request_key())
    created = receipt.pop("created")
    parts().freshness.wrote(tenant, receipt["position"])
    response = answer(receipt, 201 if created else 200)
    if created:
        response.headers["Location"] = url_for("complaints.track", tenant=tenant, ticket=receipt["ticket"])
    return response


def _looked_up(
    ask: Callable[[str, str, str], dict[str, Any]], query: dict[str, Any], tenant: str, ticket: str
) -> Response:
    """What the holder of a tracking code is told, once all is seen that this portal has written or the reader names.

    :param ask: is given the government, the ticket and the code.
    :raises TooManyAttempts: if too much was asked for from there.
    """
    ticket = spelled(ticket)
    with tries.looking_up(tenant, ticket):
        parts().freshness.catch_up(tenant, "intake")
        ensure_seen(parts().runtime, ["intake"], query["min_position"])
        return answer(ask(tenant, ticket, query["code"] or ""))


@blueprint.route("/<ticket>")
@blueprint.arguments(CodeQuery(), location="query")
@blueprint.answers(200, TrackingShape, 404, 422, 429, 503)
def track(query: dict[str, Any], tenant: str, ticket: str) -> Response:
    """Follow a complaint: where it is, what was promised, what was said."""
    return _looked_up(parts().gateway.track, query, tenant, ticket)


@blueprint.route("/<ticket>/readers")
@blueprint.arguments(CodeQuery(), location="query")
@blueprint.answers(200, ReadersShape, 404, 422, 429, 503)
def readers(query: dict[str, Any], tenant: str, ticket: str) -> Response:
    """How often the complaint's personal data were opened, by role and office: no person and no hour."""
    return _looked_up(parts().gateway.readers, query, tenant, ticket)


@blueprint.route("/<ticket>/data")
@blueprint.arguments(CodeQuery(), location="query")
@blueprint.answers(200, OwnDataShape, 404, 422, 429, 503)
def own_data(query: dict[str, Any], tenant: str, ticket: str) -> Response:
    """The copy of the reporter's data, once a desk has given it."""
    return _looked_up(parts().gateway.own_data, query, tenant, ticket)


_ACTIONS: Final[dict[str, type[CodedSchema]]] = {
    **REPORTER_ACTIONS,
    ADD: AdditionSchema,
    ASK_ABOUT_DATA: AboutDataSchema,
}


def _act(action: str, fields: dict[str, Any], query: dict[str, Any], tenant: str, ticket: str) -> Response:
    ticket = spelled(ticket)
    with tries.looking_up(tenant, ticket):
        parts().freshness.catch_up(tenant, "intake")
        view = parts().gateway.reporter_act(
            tenant,
            ticket,
            query["code"] or "",
            action=action,
            fields=fields,
            correlation_id=request_id(),
            key=request_key(),
        )
    parts().freshness.wrote(tenant, view["position"])
    return answer(view)


def _view(action: str) -> Callable[..., Response]:
    def view(fields: dict[str, Any], query: dict[str, Any], tenant: str, ticket: str) -> Response:
        return _act(action, fields, query, tenant, ticket)

    view.__name__ = action.replace("-", "_")
    view.__doc__ = f"{action.capitalize()}: {(_ACTIONS[action].__doc__ or '').strip()}"
    return view


for _name, _schema in _ACTIONS.items():
    _documented = blueprint.answers(200, TrackingAfterShape, 400, 404, 409, 413, 415, 422, 429, 503)(_view(_name))
    _with_query = blueprint.arguments(CodeQuery(), location="query")(_documented)
    # What is said of parameters by hand stands in the place of what the query's schema says.
    _with_query = blueprint.doc(parameters=[PARAMETER, CODE])(_with_query)
    _complete = blueprint.arguments(_schema())(_with_query)
    blueprint.route(f"/<ticket>/{_name}", methods=["POST"])(_complete)
