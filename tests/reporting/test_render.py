"""A recap as text and as rows for a spreadsheet."""

import csv
import io
import json
import random

import pytest

from cli.printing.render import render_csv, render_text
from services.reporting.projection import RecapProjection
from services.reporting.queries import recap
from shared.application.dossiers.codec import decode
from shared.application.runtime import Runtime
from shared.base.caller import Caller
from shared.store.projection.runner import apply_batch
from shared.wording.labels import duration
from tests.reporting.stories import TENANTS, random_story, record, started

ADMIN = Caller("*", "admin", admin=True)


def test_every_government_s_recap_can_be_read(runtime: Runtime) -> None:
    """In both languages, whatever happened; also after a journey as JSON, which is how a client gets it."""
    source = random.Random(3)
    streams = [random_story(source, number) for number in range(25)]
    apply_batch(runtime.database, RecapProjection(), decode, record(runtime.database, streams, source))

    for tenant in TENANTS.all():
        told = json.loads(json.dumps(recap(runtime, ADMIN, tenant.id, "2026-10")))

        assert f"Rekap aduan {tenant.name}, Oktober 2026" == render_text(told).splitlines()[0]
        assert f"Recap of complaints {tenant.name}, October 2026" == render_text(told, "en").splitlines()[0]
        assert [] == [line for line in render_text(told).splitlines() if len(line) > 165]


def test_the_text_tells_the_figures(runtime: Runtime) -> None:
    """Counts, shares and times stand beside what they are called."""
    story = started("cilacap", "2026-10-05T08:00:00+07:00", kecamatan="Kroya")
    story.act("dispose", to_agency="dinkes")
    apply_batch(runtime.database, RecapProjection(), decode, record(runtime.database, [story.events], random.Random(1)))

    lines = [" ".join(line.split()) for line in render_text(recap(runtime, ADMIN, "cilacap", "2026-10")).splitlines()]

    assert "Aduan masuk 1" in lines
    assert "Bagian sesuai standar -" in lines
    assert "Kroya 1 0 0 0 -" in lines
    assert any(line.startswith("Admin OPD, Dinas Kesehatan 1 ") for line in lines)


def test_csv_has_one_figure_per_row(runtime: Runtime) -> None:
    """A program finds each figure by section, id and measure."""
    told = recap(runtime, ADMIN, "cilacap", "2026-10")

    rows = list(csv.DictReader(io.StringIO(render_csv(told))))

    assert {"section": "filed", "id": "", "name": "", "measure": "value", "value": "0"} in rows
    assert "time_to_answer" in {row["section"] for row in rows}
    assert "first.median_seconds" in {row["measure"] for row in rows}


@pytest.mark.parametrize("place", ["=1+1", "+62", "-1", "@SUM(A1)"])
def test_what_a_reporter_wrote_is_no_formula(runtime: Runtime, place: str) -> None:
    """A place's name comes from outside; a spreadsheet must not compute with it."""
    told = recap(runtime, ADMIN, "cilacap", "2026-10") | {"by_kecamatan": [{"id": place, "filed": 1}]}

    rows = csv.DictReader(io.StringIO(render_csv(told)))

    assert {f"'{place}"} == {row["id"] for row in rows if row["section"] == "by_kecamatan"}


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (None, "-"),
        (0, "0 dtk"),
        (59, "59 dtk"),
        (60, "1 mnt"),
        (8_100, "2 jam 15 mnt"),
        (86_400, "1 hari"),
        (86_460, "1 hari"),
        (97_200, "1 hari 3 jam"),
    ],
)
def test_lengths_of_time_are_told_in_two_units(seconds: int | None, told: str) -> None:
    """As exact as people want it."""
    assert told == duration(seconds, "id")


def test_working_time_is_not_told_in_days() -> None:
    """A day of working time has no length that everybody knows."""
    assert "27 jam" == duration(97_200, "id", days=False)
