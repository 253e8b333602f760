"""The governments' procedures, for everybody."""

from flask import Response

from portal.api import PREFIX
from portal.documented import Documented, answer
from portal.parts import parts
from portal.sop_shapes import SopShape, SopsShape
from portal.sop_view import sop_view

blueprint = Documented("sops", __name__, url_prefix=f"{PREFIX}/sops", description="Procedures, without a token")


@blueprint.route("")
@blueprint.answers(200, SopsShape, 422)
def every() -> Response:
    """Every government's procedure."""
    return answer({"items": [sop_view(tenant) for tenant in parts().every.all()], "next": None})


@blueprint.route("/<tenant>")
@blueprint.answers(200, SopShape, 404, 422)
def one(tenant: str) -> Response:
    """One government's procedure: who does what, in which time, and what may follow."""
    return answer(sop_view(parts().home(tenant)))
