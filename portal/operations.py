"""What operators look at: health, readiness, metrics, and a first page that says what runs here."""

from flask import Blueprint, Response, request

from portal.api import PREFIX
from portal.documented import answer
from portal.pages.citizen.start import governments
from portal.parts import parts
from shared.platform.health import page

blueprint = Blueprint("operations", __name__)


@blueprint.route("/healthz")
@blueprint.route("/readyz")
@blueprint.route("/metrics")
def health() -> Response:
    """The same pages as those of every other service."""
    status, content_type, body = page(parts().checks, request.path)
    return Response(body, status=status, content_type=content_type)


@blueprint.route("/")
def index() -> Response:
    """What runs here, and where to read on: for people a page, for programs a document."""
    if "text/html" in dict(request.accept_mimetypes):
        return governments()
    simulation = parts().simulation
    return answer(
        {
            "name": "Aduan",
            "api": PREFIX,
            "openapi": f"{PREFIX}/openapi.json",
            "tenants": list(parts().every.ids()),
            "clock": "simulated" if simulation is not None else "real",
        }
    )
