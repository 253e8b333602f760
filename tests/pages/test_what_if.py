"""A draft tried by its page and by the command: what it changes of what has happened, beside the check."""

import shutil
from pathlib import Path

from shared.platform.settings import PROJECT
from tests.cli.command import aduan_here
from tests.journey.installation import Api, officer
from tests.pages.desks import Desks

TENANT = "cilacap"


def test_a_draft_is_tried_on_what_has_happened(api: Api, desks: Desks, tmp_path: Path) -> None:
    """By page and command alike; a file that cannot be read is told with its line, and nothing is kept."""
    receipt = api.file(TENANT, message="Jalan berlubang", reporter={"name": "Siti", "address": "Hanum"})
    assert api.act(officer(TENANT, "coordinator"), receipt["id"], "dispose", agency="dpupr").ok
    api.rest()
    chief = desks.administrator(TENANT)
    text = (PROJECT / "tenants" / TENANT / "sop.yaml").read_text(encoding="utf-8")
    form = chief.get(f"/{TENANT}/kelola/andai")
    empty = chief.send(form, "/kelola/andai")
    wrong = chief.send(form, "/kelola/andai", files={"sop": ("sop.yaml", "steps: [", "text/yaml")})
    shown = chief.send(form, "/kelola/andai", files={"sop": ("sop.yaml", text, "text/yaml")})
    draft = tmp_path / "draft.yaml"
    draft.write_text(text, encoding="utf-8")
    calendar = tmp_path / "draft-calendar.yaml"
    shutil.copy(PROJECT / "tenants" / TENANT / "calendar.yaml", calendar)

    assert (422, True) == (empty.status, "Pilih rancangan prosedur" in empty.text)
    assert (422, True) == (wrong.status, "sop.yaml:1" in wrong.text)
    assert "/tmp" not in wrong.text
    assert 200 == shown.status
    assert "Terlambat menurut meja" in shown.text
    assert "aduan yang masuk sejak" in shown.text
    assert api.data is not None
    drafts = ("--sop", str(draft), "--calendar", str(calendar))
    told = aduan_here("sop", "simulate", TENANT, "--history", *drafts, "--data", str(api.data))
    assert 0 == told.status, told.err
    assert "late, of visits" in told.out
    assert "check: " in told.out
