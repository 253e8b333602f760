"""The simulated clock, where there is one."""

from datetime import datetime
from typing import Any

from flask import Response, request

from portal.access import require_admin
from portal.api import PREFIX
from portal.documented import Documented, answer
from portal.parts import MovableClock, parts
from portal.queries import ClockMove
from portal.shapes import NowShape
from shared.base.errors import Invalid, NotFound

blueprint = Documented("clock", __name__, url_prefix=PREFIX, description="Only under a simulated clock")


@blueprint.before_request
def admit() -> None:
    """Before anything is said about the body: is there such a clock, and may the caller move it?"""
    _simulation()
    if request.method == "POST":
        require_admin()


@blueprint.route("/clock", methods=["GET"])
@blueprint.answers(200, NowShape, 404, 422)
def now() -> Response:
    """What the simulated clock shows."""
    return _shown(_simulation().now())


@blueprint.route("/clock", methods=["POST"])
@blueprint.arguments(ClockMove())
@blueprint.answers(200, NowShape, 400, 401, 403, 404, 409, 415, 422, 503, secured=True)
def move(asked: dict[str, Any]) -> Response:
    """Move the clock; answers when every due timer has fired and every projection has caught up."""
    simulation = _simulation()
    with parts().moving:
        try:
            instant: datetime = asked["to"] if "to" in asked else simulation.now() + asked["advance"]
        except OverflowError:
            raise Invalid("invalid_fields", fields={"advance": ["not_a_duration"]}) from None
        return _shown(simulation.advance_to(instant))


def _simulation() -> MovableClock:
    found = parts().simulation
    if found is None:
        raise NotFound("no_simulated_clock")
    return found


def _shown(instant: datetime) -> Response:
    return answer({"now": instant.isoformat()})
