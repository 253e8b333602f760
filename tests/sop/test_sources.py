"""That the five files say what the five documents say."""

import pytest

from shared.domain.sop.totals import sum_of_steps
from tests.sop.walker import TENANTS

TIMES = {
    "cilacap": ("check 15 min, receive 15 min, coordinate 15 min, follow_up 60 min, relay 15 min, enter 15 min"),
    "bantul": (
        "complain 10 min, receive 60 min, examine 120 min, handle 660 min, verify 120 min, enter 60 min, deliver 30 min"
    ),
    "majalengka": "coordinate 2 d, respond 30 d",
    "trenggalek": (
        "register 1 wd, verify 3 wd, study 3 wd, memo 7 wd, draft 3 wd, review 15 wd, relay 3 wd, accept 2 wd, "
        "convey 2 wd"
    ),
    "cirebon": "record 15 s wall, notify_group 15 s wall, notify_pic 15 s wall, respond 3 h, send 15 s wall",
}
PRINTED: dict[str, list[str | None]] = {
    "cilacap": ["1", "2", "3", "4", "5", "6", "7", "8"],
    "bantul": ["1", "3", "4", "5", "6", "5", "6"],
    "majalengka": ["1.", "2.", "3.", "4.", "5.", "6.", "7."],
    "trenggalek": ["1", "2", "3", "4", "5", "6", "7", "8", "9"],
    "cirebon": [None] * 7,
}


@pytest.mark.parametrize("tenant", TIMES)
def test_times(tenant: str) -> None:
    """Each row has the time that is printed there, in the unit in which it is printed; others are marked additions."""
    sop = TENANTS.get(tenant).sop

    assert TIMES[tenant] == ", ".join(
        f"{step.id} {step.within}" for step in sop.steps if step.within is not None and step.source is None
    )


@pytest.mark.parametrize(
    ("tenant", "allotted", "stated"),
    [
        ("cilacap", "135 min", "135 min"),
        ("bantul", "1060 min", "1060 min"),
        ("majalengka", "32 d", "34 d"),
        ("trenggalek", "39 wd", None),
        ("cirebon", "10860 s", None),
    ],
)
def test_totals(tenant: str, allotted: str, stated: str | None) -> None:
    """The sums, and what the documents themselves state."""
    sop = TENANTS.get(tenant).sop

    assert allotted == str(sum_of_steps(sop))
    assert stated == (str(sop.stated_total) if sop.stated_total else None)


@pytest.mark.parametrize("tenant", PRINTED)
def test_rows_and_printed_numbers(tenant: str) -> None:
    """Every row of the table is there, in order, with the number that is printed beside it and its words."""
    rows: dict[int, str | None] = {}
    quoted: set[int] = set()
    for step in TENANTS.get(tenant).sop.steps:
        if step.row is not None:
            rows.setdefault(step.row, step.printed)
            quoted |= {step.row} if step.quote else set()

    assert list(enumerate(PRINTED[tenant], start=1)) == sorted(rows.items())
    assert set(rows) == quoted


@pytest.mark.parametrize("tenant", TIMES)
def test_steps_that_no_row_has_are_explained(tenant: str) -> None:
    """What is read into a procedure is named among its known gaps; what is added to it says so itself."""
    sop = TENANTS.get(tenant).sop
    read = [step for step in sop.steps if step.source is None]
    explained = {gap.where for gap in sop.known_gaps}

    assert set() == {step.id for step in read if step.row is None} - explained
    assert set() == {step.id for step in read if step.timeout and not step.timeout.confirmed} - explained


def test_five_voices() -> None:
    """No two tickets of different governments look alike."""
    prefixes = [tenant.sop.ticket_prefix for tenant in TENANTS.all()]

    assert len(prefixes) == len(set(prefixes))


def test_reporters_are_told() -> None:
    """Each SOP tells its reporter of the final answer; Majalengka both admins, Bantul the county team, as printed."""
    for tenant in TENANTS.all():
        told = {name for rule in tenant.sop.notify if rule.on == "Answered" for name in rule.tell}
        assert "reporter" in told
    majalengka = next(rule for rule in TENANTS.get("majalengka").sop.notify if rule.step == "notify_admins")
    bantul = next(rule for rule in TENANTS.get("bantul").sop.notify if rule.on == "Answered" and rule.kind != "interim")
    trenggalek = next(rule for rule in TENANTS.get("trenggalek").sop.notify if rule.on == "Dispositioned")

    assert {"coordinator", "national_admin"} == set(majalengka.tell)
    assert "coordinator" in bantul.tell
    assert "reporter" in trenggalek.tell
