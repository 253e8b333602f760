"""The addresses of GeoReport v2. The extension decides the format, never ``Accept``; another extension is nothing."""

import logging
from datetime import timedelta
from typing import Final

from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException

from portal import tries
from portal.open311 import filing, posting, showing, telling
from portal.open311.faults import Fault, bad, not_found, told
from portal.open311.places import changed_at, jurisdictions, meant
from portal.open311.updates import updates
from portal.open311.writing import FORMATS, written
from portal.parts import parts
from portal.problems import CODES
from shared.application.identity.allowances import Allowance
from shared.base.blank import says_nothing
from shared.base.errors import AduanError

_log = logging.getLogger(__name__)

PREFIX: Final = "/open311"
_SPECIFICATION: Final = "http://wiki.open311.org/GeoReport_v2"
_FORMAT: Final = "<any(xml, json):kind>"
_READINGS: Final = Allowance(10, timedelta(seconds=1))
_METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")

blueprint = Blueprint("open311", __name__, url_prefix=PREFIX)


@blueprint.before_request
def _count_readings() -> None:
    """What programs read needs no key: they are told apart by where they come from.

    :raises TooManyAttempts: if too much is read from one place.
    """
    if request.method in ("GET", "HEAD") and not tries.is_unlimited():
        tries.count(_READINGS, "open311/readings", "too_many_readings")


@blueprint.route(f"/discovery.{_FORMAT}")
def discovery(kind: str) -> Response:
    """Where everything is."""
    known = jurisdictions()
    if not known:
        raise not_found("open311_no_jurisdiction")
    changed = changed_at(known)
    contacts = [str(each.options["contact"] or each.tenant.name) for each in known.values()]
    endpoint = {
        "specification": _SPECIFICATION,
        "url": f"{parts().runtime.settings.public_address}{PREFIX}/v2",
        "changeset": changed,
        "type": "test" if any(each.options["test"] for each in known.values()) else "production",
        "formats": [each.partition(";")[0] for each in FORMATS.values()],
    }
    found = {
        "changeset": changed,
        "contact": "; ".join(contacts),
        "key_service": f"Kunci diberikan oleh: {'; '.join(contacts)}",
        "endpoints": [endpoint],
    }
    return written(kind, "discovery", found)


@blueprint.route(f"/v2/services.{_FORMAT}")
def services(kind: str) -> Response:
    """What can be complained of."""
    return written(kind, "services", meant(_query().get("jurisdiction_id", "")).services())


@blueprint.route(f"/v2/services/<code>.{_FORMAT}")
def service(code: str, kind: str) -> Response:
    """What a service wants to know beyond the usual."""
    place = meant(_query().get("jurisdiction_id", ""))
    place.name_of(code)
    attributes = place.attributes()
    return written(kind, "service_definition", {"service_code": code, "attributes": attributes})


@blueprint.route(f"/v2/requests.{_FORMAT}", methods=["GET"])
def requests(kind: str) -> Response:
    """The complaints that fit."""
    query = _query()
    place = meant(query.get("jurisdiction_id", ""))
    with place.at_home():
        return written(kind, "service_requests", showing.shown(place, showing.wanted(place, query)))


@blueprint.route(f"/v2/requests.{_FORMAT}", methods=["POST"])
def file(kind: str) -> Response:
    """File a complaint."""
    asked = posting.posted()
    place = meant(asked.get("jurisdiction_id"))
    with place.at_home():
        return written(kind, "service_requests", [filing.file(place, asked)])


@blueprint.route(f"/v2/requests/<id_>.{_FORMAT}")
def one(id_: str, kind: str) -> Response:
    """One complaint, as a list of one."""
    query = _query()
    place = meant(query.get("jurisdiction_id", ""))
    extended = query.get("extensions", "").lower() == "true"
    with place.at_home():
        return written(kind, "service_requests", showing.one(place, id_, extended=extended))


@blueprint.route(f"/v2/tokens/<token>.{_FORMAT}")
def token(token: str, kind: str) -> Response:
    """The number of what was filed under a token."""
    place = meant(_query().get("jurisdiction_id", ""))
    with place.at_home():
        found = [{"service_request_id": filing.ticket_of(place, token), "token": token}]
    return written(kind, "service_requests", found)


@blueprint.route(f"/v2/servicerequestupdates.{_FORMAT}", methods=["POST"])
def tell(kind: str) -> Response:
    """Take what a program says of a complaint that it has filed."""
    asked = posting.posted()
    place = meant(asked.get("jurisdiction_id"))
    with place.at_home():
        return written(kind, "service_request_updates", [telling.tell(place, asked)])


@blueprint.route(f"/v2/servicerequestupdates.{_FORMAT}", methods=["GET"])
def changes(kind: str) -> Response:
    """What has become of complaints, where the government tells it."""
    query = _query()
    place = meant(query.get("jurisdiction_id", ""))
    with place.at_home():
        return written(kind, "service_request_updates", updates(place, query))


@blueprint.route("/", defaults={"rest": ""}, methods=_METHODS)
@blueprint.route("/<path:rest>", methods=_METHODS)
def nothing(rest: str) -> Response:
    """No such address, or nothing that the standard knows to do there."""
    del rest
    if request.method not in ("GET", "HEAD", "POST"):
        raise Fault([bad("method_not_allowed", {"method": request.method})])
    raise not_found("no_such_page")


@blueprint.errorhandler(Fault)
def _fault(fault: Fault) -> Response:
    return told(_kind(), fault.errors)


@blueprint.errorhandler(AduanError)
def _expected(error: AduanError) -> Response:
    if error.status >= 500:
        _log.warning("a part did not answer", extra={"code": error.code, "status": error.status})
    return told(_kind(), [error])


@blueprint.errorhandler(HTTPException)
def _http(error: HTTPException) -> Response:
    if error.code is None or error.code < 400:  # an answer already
        return Response(error.get_body(), error.code, dict(error.get_headers()))
    return told(
        _kind(),
        [bad(CODES.get(error.code, "bad_request"), {"method": request.method, "most": request.max_content_length})],
    )


def _kind() -> str:
    return "json" if request.path.endswith(".json") else "xml"


def _query() -> dict[str, str]:
    """Each parameter; what is blank was not given.

    :raises Invalid: naming one that was given twice.
    """
    return {name: value for name, value in posting.once(request.args).items() if not says_nothing(value)}
