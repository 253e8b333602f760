"""What callers call their requests comes into the log for ever: only what can hold nothing personal is taken."""

from typing import Any
from uuid import UUID

import pytest

from services.intake.service import IntakeService
from services.routing.service import RoutingService
from shared.base.caller import Caller
from tests.fixtures.office import Office

T = "cilacap"
COORDINATOR = Caller(T, "coordinator", user="coordinator-1").to_dict()
OWN = "6f1c0a52-7f6e-4a3b-9d21-0c5e8a7b1f34"
REFUSED: tuple[Any, ...] = (
    "",
    None,
    "081398765432",
    "Siti Rahayuningsih",
    "3301987654320001" * 2,
    OWN + "\n",
    7,
    [OWN],
)


@pytest.mark.parametrize("given", [OWN, *REFUSED])
def test_an_id_that_could_name_somebody_comes_into_no_event(office: Office, given: Any) -> None:
    """At every door behind the portal's as well: a UUID is kept, anything else is replaced by one of ours."""
    intake, routing = IntakeService(), RoutingService()
    intake.runtime = routing.runtime = office.runtime
    complaint = {"message": "Jalan rusak", "channel": "web", "privacy": "open"}
    receipt = intake.file(T, complaint, correlation_id=given)
    routing.act(T, receipt["id"], "return", {"reason": "Alamat?"}, None, COORDINATOR, correlation_id=given)
    code = receipt["tracking_code"]
    intake.reporter_act(T, receipt["ticket"], code, "withdraw", {"reason": "Sudah"}, correlation_id=given)

    kept = {
        event.correlation_id
        for event in office.history(UUID(receipt["id"]))
        if event.type in ("ComplaintFiled", "Returned", "Withdrawn")
    }
    assert all(str(UUID(each)) == each for each in kept)
    assert (given == OWN) == (kept == {OWN})
    assert (1 if given == OWN else 3) == len(kept)
