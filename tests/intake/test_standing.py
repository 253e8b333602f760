"""Where a complaint stands, as the channel asks by which its reporter wrote."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from services.intake.reporter import track
from services.intake.standing import standing
from shared.base.errors import Conflict
from shared.domain.all_tenants import Tenants
from shared.platform.settings import PROJECT
from tests.fixtures.office import Office


def test_a_complaint_is_told_of_although_its_procedure_file_is_gone(office: Office, tmp_path: Path) -> None:
    """Its status stays known; nothing is offered by a procedure that nobody can read any more."""
    receipt = office.file()
    folder = shutil.copytree(PROJECT / "tenants" / "cilacap", tmp_path / "cilacap")
    procedure = folder / "sop.yaml"
    procedure.write_text(procedure.read_text().replace("\nversion: 2\n", "\nversion: 3\n"))
    bereft = replace(office.runtime, tenants=Tenants(tmp_path))

    before = standing(office.runtime, "cilacap", [str(receipt.id)])[str(receipt.id)]
    after = standing(bereft, "cilacap", [str(receipt.id)])[str(receipt.id)]

    assert {**before, "actions": []} == after


def test_whoever_keeps_a_code_that_was_renewed_is_told_only_that(office: Office) -> None:
    """What the old one gave, the new one has taken away; another complaint's is no better."""
    receipt, other = office.file(), office.file()
    ids, old = [str(receipt.id)], {str(receipt.id): receipt.tracking_code}
    before = standing(office.runtime, "cilacap", ids, old)
    strange = standing(office.runtime, "cilacap", ids, {str(receipt.id): other.tracking_code})
    office.act(receipt, "coordinator", "renew_code", via="counter")
    after = standing(office.runtime, "cilacap", ids, old)

    assert "in_progress" == before[str(receipt.id)]["status"]
    assert [{str(receipt.id): {"code_renewed": True}}] * 2 == [strange, after]
    assert before == standing(office.runtime, "cilacap", ids)


def test_what_would_come_too_late_is_not_offered(office: Office) -> None:
    """The time to complete it has run out, and that it has lapsed is only still to be recorded."""
    receipt = office.file()
    office.act(receipt, "coordinator", "return", reason="Alamat?")
    office.run_system(receipt)

    def offered() -> tuple[set[str], set[str]]:
        told = standing(office.runtime, "cilacap", [str(receipt.id)])[str(receipt.id)]
        seen = track(office.runtime, "cilacap", receipt.ticket, receipt.tracking_code, shown=False)
        return {name for name in told["actions"] if name != "add"}, {each["action"] for each in seen["allowed"]}

    before = offered()
    office.later(days=40)
    after = offered()
    with pytest.raises(Conflict, match="too_late"):
        office.say(receipt, "supplement", title="Jalan rusak")

    assert ({"supplement", "withdraw"}, {"supplement", "withdraw"}) == before
    assert (set(), set()) == after
