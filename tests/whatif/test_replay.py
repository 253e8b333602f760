"""What has happened, replayed: unchanged it comes out as it was, and a draft changes what it is about."""

import random
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from shared.domain.calendar.duration import Duration
from shared.domain.dossier.events import LeaveGranted, Recalled, Reinstated, Resumed
from shared.domain.sop.model import Sop
from shared.domain.sop.vocabulary import REPORTER, SYSTEM
from shared.domain.whatif.comparing import Comparison, compared, usual_seconds
from shared.domain.whatif.course import Course, StepVisit, course_of
from shared.domain.whatif.drafts import CALENDAR, FileError, laid_in, read
from shared.domain.whatif.replay import DraftOnTrial
from tests.reporting.stories import TENANTS, random_story

TENANT = TENANTS.get("cilacap")
_SHUT = """
decrees:
  - id: uji
    instrument: Keputusan Bupati
    number: 1 Tahun 2026
    issued: 2026-01-05
    approved_by: [Bupati]
    local_holiday:
      2026-10-05: Hari jadi
"""
_EIGHT = datetime.fromisoformat("2026-10-05T08:00:00+07:00")


def _at(minutes: float) -> datetime:
    return _EIGHT + timedelta(minutes=minutes)


def _answered() -> Course:
    """A day at five desks: the coordinator late, the others in time."""
    stays = [
        ("check", "coordinator", None, 0, 40, "Dispositioned", None, "receive"),
        ("receive", "operator", "dpupr", 40, 45, "Forwarded", None, "route"),
    ]
    visits = [
        StepVisit(step, actor, agency, _at(since), _at(until), event, kind=kind, to=to, late=step == "check")
        for step, actor, agency, since, until, event, kind, to in stays
    ]
    return Course(_at(0), tuple(visits), None, None)


def _sop(**within: str) -> Sop:
    given = {step.id: Duration.parse(within[step.id]) for step in TENANT.sop.steps if step.id in within}
    steps = tuple(replace(step, within=given.get(step.id, step.within)) for step in TENANT.sop.steps)
    return replace(TENANT.sop, steps=steps)


def _compared(course: Course, sop: Sop = TENANT.sop) -> Comparison:
    return compared(sop, TENANT.calendar, TENANT.calendar, [course])


@pytest.mark.parametrize("number", range(40))
def test_without_a_change_it_comes_out_as_it_was(number: int) -> None:
    """Every stay of a life lived under the present procedure and calendar, in its order, late or not."""
    tenant = TENANTS.all()[number % len(TENANTS.all())]
    lives = (random_story(random.Random(seed), number) for seed in count(number, 40))
    # What was arranged besides, as leave, is not replayed.
    arranged = LeaveGranted | Resumed | Reinstated | Recalled
    history = next(life for life in lives if not any(isinstance(event, arranged) for event in life))
    course = course_of(history)
    assert course is not None
    draft = DraftOnTrial(tenant.sop, tenant.calendar, tenant.calendar, {})
    stays = [(stay.step, stay.actor, stay.agency, stay.late) for stay in draft.replay(course).stays]
    held = [visit for visit in course.visits if visit.left and visit.actor not in (SYSTEM, REPORTER)]

    assert [(each.step, each.actor, each.agency, each.late) for each in held] == stays


def test_a_longer_standard_makes_fewer_late_and_a_shorter_one_more() -> None:
    """By desk, and at the desk that it is about only."""
    late = {}
    for name, within in (("as it is", "15 min"), ("longer", "1 h"), ("shorter", "2 min"), ("its neighbour", "1 h")):
        rows = {
            row["actor"]: row for row in _compared(_answered(), _sop(check=within, receive="10 min")).to_dict()["desks"]
        }
        late[name] = (rows["coordinator"]["late"], rows["coordinator"]["late_after"], rows["operator"]["late_after"])

    assert {"its neighbour": (1, 0, 0), "as it is": (1, 1, 0), "longer": (1, 0, 0), "shorter": (1, 1, 0)} == late


def test_a_new_desk_takes_what_is_usual_and_one_that_is_gone_takes_nothing() -> None:
    """Both are told: nobody takes an assumption for a finding."""
    course = _answered()
    operator = next(step for step in TENANT.sop.steps if step.id == "receive")
    added = replace(operator, id="second_look", actor="coordinator")
    to_it = [replace(a, to="second_look") if a.to == "receive" else a for a in TENANT.sop.step("check").actions]
    onward = tuple(replace(a, to="receive") for a in operator.actions if a.event == "Forwarded")
    steps = [replace(s, actions=tuple(to_it)) if s.id == "check" else s for s in TENANT.sop.steps]
    more = replace(TENANT.sop, steps=(*steps, replace(added, actions=onward)))
    past = [replace(a, to="route") if a.to == "receive" else a for a in TENANT.sop.step("check").actions]
    fewer = replace(
        TENANT.sop, steps=tuple(replace(s, actions=tuple(past)) if s.id == "check" else s for s in TENANT.sop.steps)
    )

    assert {"second_look": 1} == _compared(course, more).to_dict()["assumed"]
    assert {"receive": 1} == _compared(course, fewer).to_dict()["left_out"]


def test_what_is_usual_is_the_median_of_a_role() -> None:
    """In working time, whatever the agency."""
    assert {"coordinator": 2400, "operator": 300} == usual_seconds(TENANT.calendar, [_answered()])


def test_a_shut_day_makes_more_late() -> None:
    """A calendar alone may be tried: who works on the day after keeps no standard that runs at night."""
    text = (TENANT.directory / CALENDAR).read_text(encoding="utf-8")
    shut = f"{text}\n{_SHUT}"
    with laid_in(TENANT, None, shut) as folder:
        draft = read(folder)
        sop, present = _sop(check="1 d"), TENANT.calendar
        found = [compared(sop, present, each, [_answered()]).to_dict() for each in (present, draft.calendar)]

    assert TENANT.sop == draft.sop
    assert not draft.calendar.is_open(_at(60))
    assert TENANT.calendar.is_open(_at(60))
    assert [0, 1] == [
        next(row["late_after"] for row in each["desks"] if row["actor"] == "coordinator") for each in found
    ]


def test_a_draft_refers_to_what_governments_share_only(tmp_path: Path) -> None:
    """And to nothing else of the machine."""
    (tmp_path / "secret.yaml").write_text("{}", encoding="utf-8")
    text = (TENANT.directory / CALENDAR).read_text(encoding="utf-8")
    for outside in (
        f"../../../..{tmp_path}/secret.yaml",
        "../_national/../../secret.yaml",
        str(tmp_path / "secret.yaml"),
    ):
        draft = text.replace("../_national/holidays.yaml", outside)
        with pytest.raises(FileError, match="may not refer"), laid_in(TENANT, None, draft):
            pass


def test_a_draft_of_the_next_version_stands_beside_the_one_in_force() -> None:
    """As at a start; the installation's own files stay as they are."""
    before = sorted(path.name for path in TENANT.directory.iterdir())
    text = (TENANT.directory / "sop.yaml").read_text(encoding="utf-8")
    version = TENANT.sop.version
    with laid_in(TENANT, text.replace(f"version: {version}", f"version: {version + 1}", 1), None) as folder:
        assert sorted(read(folder).sops) == sorted([*TENANT.sops, version + 1])

    assert before == sorted(path.name for path in TENANT.directory.iterdir())
