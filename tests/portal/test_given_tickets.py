"""A ticket is asked for once: it is never another dossier's, and one that there is not may still be given out."""

from typing import Any, cast

import pytest

from portal.gateway import Gateway
from portal.given_tickets import given_tickets
from shared.base.errors import NotFound


class _Intake:
    """Knows the tickets that were given out, and how often it was asked."""

    def __init__(self) -> None:
        self.given: dict[tuple[str, str], str] = {}
        self.asked = 0

    def resolve(self, tenant: str, ticket: str) -> dict[str, Any]:
        self.asked += 1
        if (tenant, ticket) not in self.given:
            raise NotFound("unknown_ticket")
        return {"id": self.given[tenant, ticket]}


def test_a_ticket_is_asked_for_once_and_stays_its_own_governments() -> None:
    """The same number of another government is another dossier."""
    intake = _Intake()
    intake.given = {("cilacap", "CLP-2026-000001"): "one", ("bantul", "CLP-2026-000001"): "other"}
    dossier_of = given_tickets(cast("Gateway", intake))

    told = [dossier_of(tenant, "CLP-2026-000001") for tenant in ("cilacap", "bantul", "cilacap", "bantul")]

    assert told == ["one", "other", "one", "other"]
    assert intake.asked == 2


def test_a_ticket_that_there_is_not_is_found_once_it_is_given_out() -> None:
    """That it was not found is not remembered."""
    intake = _Intake()
    dossier_of = given_tickets(cast("Gateway", intake))
    with pytest.raises(NotFound):
        dossier_of("cilacap", "CLP-2026-000001")

    intake.given["cilacap", "CLP-2026-000001"] = "one"

    assert dossier_of("cilacap", "CLP-2026-000001") == "one"
