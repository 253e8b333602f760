"""Versions of a procedure that were approved beside a government's files: which counts when, and what collides."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from shared.channels.checking import check_channels
from shared.domain.all_tenants import Tenants
from shared.domain.calendar.duration import Duration
from shared.domain.procedures import ApprovedSop, Procedures
from shared.domain.sop.checking.finding import ERROR, WARNING
from shared.domain.sop.comparing import changes
from shared.domain.sop.model import Sop, Step
from shared.domain.sop.reading.loader import load_sop, parse_sop
from shared.domain.tenants import Tenant
from shared.domain.whatif.drafts import laid_in
from shared.domain.whatif.standing import check_draft, check_standing, taken
from shared.platform.settings import PROJECT
from shared.wording.yaml_lines import FileError
from tests.pages.procedures import new_version

TENANT: Final = "cirebon"
NOON: Final = datetime(2026, 10, 5, 5, tzinfo=UTC)
HOUR: Final = timedelta(hours=1)


def _folder(tmp_path: Path) -> Path:
    """A copy of the governments' files, to be changed."""
    for each in (PROJECT / "tenants").iterdir():
        if each.name == TENANT:
            shutil.copytree(each, tmp_path / each.name)
        elif each.name.startswith("_"):
            (tmp_path / each.name).symlink_to(each, target_is_directory=True)
    return tmp_path


def _tenant(root: Path, *approved: ApprovedSop, now: datetime = NOON) -> Tenant:
    counting = max((each.version for each in approved if each.counts_from <= now), default=0)
    procedures = Procedures(approved, counting)
    return Tenants(root, procedures=lambda _tenant: procedures).get(TENANT)


def test_each_complaint_is_filed_under_the_version_of_its_instant(tmp_path: Path) -> None:
    """To the microsecond, also while the instant of the first that was ever approved has not come."""
    root = _folder(tmp_path)
    third, fourth = (ApprovedSop(n, new_version(TENANT, n), NOON + (n - 3) * HOUR) for n in (3, 4))
    home = _tenant(root, third, fourth)
    instants = (NOON - HOUR, NOON - timedelta(microseconds=1), NOON, NOON + HOUR - timedelta.resolution, NOON + HOUR)

    assert [2, 2, 3, 3, 4] == [home.sop_at(each).version for each in instants]
    assert 3 == home.sop.version
    assert 2 == _tenant(root, third, now=NOON - HOUR).sop.version
    assert 2 == _tenant(root, third).sop_at(NOON - HOUR).version
    assert 2 == _tenant(root).sop_at(NOON).version
    assert {1, 2, 3, 4} == set(home.sops)


def test_a_version_that_a_dossier_names_is_looked_up_before_it_counts_as_lost(tmp_path: Path) -> None:
    """Where a process has not heard of its approval yet; an older one whose file is gone is not asked for."""
    asked: list[int] = []

    def text(_tenant: str, version: int) -> str | None:
        asked.append(version)
        return new_version(TENANT, 3) if version == 3 else None

    root = _folder(tmp_path)
    (root / TENANT / "sop.v1.yaml").unlink()
    home = Tenants(root, approved_text=text).get(TENANT)

    assert [(3, False), (3, False), (4, True), (1, True)] == [
        (found.version, found.lost) for found in map(home.sop_of, (3, 3, 4, 1))
    ]
    assert [3, 4] == asked


def test_a_higher_file_goes_before_and_of_one_number_the_approved_counts(tmp_path: Path) -> None:
    """A file that says something else under an approved number is told; one that says the same is none too many."""
    root = _folder(tmp_path)
    file = root / TENANT / "sop.yaml"
    approved = ApprovedSop(3, new_version(TENANT, 3), NOON)
    file.rename(file.with_name("sop.v2.yaml"))
    file.write_text(approved.text, encoding="utf-8")
    same = _tenant(root, approved)
    like = [each for each in check_standing(same) if each.severity == ERROR]
    file.write_text(new_version(TENANT, 3, longer=5), encoding="utf-8")
    other = _tenant(root, approved)
    told = [each for each in check_standing(other) if each.severity == ERROR]
    file.write_text(new_version(TENANT, 4), encoding="utf-8")
    higher = _tenant(root, approved)

    assert [] == like
    assert [("version_twice", str(file))] == [(each.code, each.file) for each in told]
    assert "give the file version 4" in told[0].remedy
    assert load_sop(root / TENANT / "sop.v2.yaml", TENANT) == other.sops[2]
    assert parse_sop(approved.text, TENANT, file).steps == other.sop.steps == same.sop.steps
    assert (4, {1, 2, 3, 4}, 4) == (higher.sop.version, set(higher.sops), taken(higher))
    assert [] == [each for each in check_standing(higher) if each.severity == ERROR]


def test_a_number_that_a_file_took_since_the_start_is_taken(tmp_path: Path) -> None:
    """Though the process has not read it yet."""
    root = _folder(tmp_path)
    home = _tenant(root)
    file = root / TENANT / "sop.yaml"
    file.rename(file.with_name("sop.v2.yaml"))
    file.write_text(new_version(TENANT, 3), encoding="utf-8")

    assert (2, 3) == (max(home.sops), taken(home))


def test_what_is_wrong_with_an_approved_version_is_told_by_its_name(tmp_path: Path) -> None:
    """A file that it leans on was taken away: the finding names the version, and no copy."""
    root = _folder(tmp_path)
    text = re.sub(r"\{on: \w+, tell: \[", r"\g<0>agency, ", new_version(TENANT, 3), count=1)
    home = _tenant(root, ApprovedSop(3, text, NOON))
    shutil.rmtree(root / TENANT / "messages", ignore_errors=True)
    found = check_standing(home)

    assert found
    assert not any("aduan-draft" in str(each) for each in found)
    assert {"version 3 of cirebon, approved in the browser"} <= {each.file for each in found}


def test_a_version_that_cannot_be_read_any_more_is_told_and_a_file_stands_in(tmp_path: Path) -> None:
    """What it leans on has gone: it is named with what to do, and its mended text in a file counts."""
    root = _folder(tmp_path)
    approved = ApprovedSop(3, new_version(TENANT, 3).replace("../_reference/", "../_gone/", 1), NOON)
    told = (
        r"version 3 of cirebon, approved in the browser:\d+: .* rename sop.yaml to sop.v2.yaml, and put .* as sop.yaml"
    )
    with pytest.raises(FileError, match=told):
        _tenant(root, approved)
    file = root / TENANT / "sop.yaml"
    file.rename(file.with_name("sop.v2.yaml"))
    file.write_text(new_version(TENANT, 3), encoding="utf-8")
    home = _tenant(root, approved)

    assert 3 == home.sop.version
    assert [("version_twice", WARNING)] == [
        (each.code, each.severity)
        for each in check_standing(home)
        if each.severity == ERROR or each.code == "version_twice"
    ]
    assert [] == [each for each in check_draft(home, new_version(TENANT, 4), ()) if each.severity == ERROR]
    file.rename(file.with_name("sop.v3.yaml"))
    file.write_text(new_version(TENANT, 4), encoding="utf-8")
    assert (4, 3) == (_tenant(root, approved).sop.version, _tenant(root, approved).sops[3].version)
    file.unlink()
    file.with_name("sop.v3.yaml").unlink()
    file.write_text(new_version(TENANT, 4), encoding="utf-8")
    with pytest.raises(FileError, match=r"put its text, mended, there as sop\.v3\.yaml"):
        _tenant(root, approved)


def test_a_draft_is_laid_in_where_the_files_may_only_be_read(tmp_path: Path) -> None:
    """As in an image or a mounted folder: the copy is its owner's."""
    root = _folder(tmp_path)
    for path in (root / TENANT / "sop.yaml", root / TENANT / "calendar.yaml", root / TENANT):
        path.chmod(0o555)
    with laid_in(_tenant(root), new_version(TENANT, 2), None) as folder:
        modes = [path.stat().st_mode & 0o200 for path in (folder, folder / "sop.yaml", folder / "calendar.yaml")]

    assert [0o200] * 3 == modes


def test_a_draft_that_loses_a_connected_channel_is_an_error() -> None:
    """Else whatever comes by it, and all other channels, would stand still."""
    home = Tenants(PROJECT / "tenants").get("cilacap")
    text = re.sub(r"^  - \{id: whatsapp,.*\n", "", new_version("cilacap"), flags=re.MULTILINE)
    assert text != new_version("cilacap")

    assert [] == [each for each in check_draft(home, new_version("cilacap"), ()) if each.severity == ERROR]
    assert ["channels"] == [
        each.code for each in check_draft(home, text, (), also=check_channels) if each.severity == ERROR
    ]


def test_a_draft_that_loses_a_role_says_who_would_find_no_inbox() -> None:
    """Its officers still have before them what was filed under the version before."""
    home = Tenants(PROJECT / "tenants").get("cilacap")
    text = new_version("cilacap").replace("liaison", "penghubung")
    told = [each for each in check_draft(home, text, ()) if each.code == "role_gone"]

    assert [] == [each for each in check_draft(home, new_version("cilacap"), ()) if each.code == "role_gone"]
    assert [(WARNING, True)] == [(each.severity, "'liaison'" in each.message) for each in told]


_EDITS: Final = {
    "standards": ("    within: 3 h", "    within: 5 h"),
    "actors": ("title: PIC SKPD", "title: Para PIC SKPD"),
    "steps": ("activity: ", "activity: Segera "),
    "back": ("to: assign, needs: [reason], why", "to: assign, needs: [reason], optional: [note], why"),
    "rest": ("ticket_prefix: ", "ticket_prefix: X"),
}


def test_versions_of_all_governments_differ_from_themselves_in_nothing() -> None:
    """And what differs between two of theirs is told of each part."""
    for home in Tenants(PROJECT / "tenants").all():
        told = changes(home.sops[1], home.sop)

        assert () == changes(home.sop, home.sop)
        assert {"steps", "ways", "rest"} <= {each.part for each in told}
        assert all(each.before != each.after for each in told)


@pytest.mark.parametrize("part", sorted(_EDITS))
def test_an_edit_is_told_once_in_its_table(part: str) -> None:
    """By where it is, with what it was and what it becomes."""
    text = (PROJECT / "tenants" / TENANT / "sop.yaml").read_text(encoding="utf-8")
    former, latter = _EDITS[part]
    file = PROJECT / "tenants" / TENANT / "sop.yaml"
    assert former in text
    edited = parse_sop(text.replace(former, latter, 1), TENANT, file)
    [told] = changes(load_sop(file, TENANT), edited)

    assert part == told.part


def _otherwise(value: Any) -> Any:
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case None:
            return "lain"
        case str():
            return f"{value}x"
        case Duration():
            return replace(value, amount=value.amount + 1)
        case tuple():
            return value[:-1] or ("lain",)
    raise AssertionError(value)


def _each_otherwise(part: Any, *without: str) -> Iterator[Any]:
    """As often as it has fields, with another one changed."""
    for field in fields(part):
        if field.name not in without:
            yield replace(part, **{field.name: _otherwise(getattr(part, field.name))})


def test_whatever_is_changed_of_a_step_or_a_way_is_told() -> None:
    """Else somebody would approve what nobody showed them: each field, a second way of the same name, an order."""
    sop = Tenants(PROJECT / "tenants").get(TENANT).sop
    waiting = next(step for step in sop.steps if step.timeout is not None)
    several = next(step for step in sop.steps if len(step.actions) > 1)
    first = sop.anytime[0]

    def with_step(before: Step, after: Step) -> Sop:
        return replace(sop, steps=tuple(after if step is before else step for step in sop.steps))

    changed = [
        *(with_step(waiting, each) for each in _each_otherwise(waiting, "actions", "timeout", "shares")),
        *(with_step(waiting, replace(waiting, timeout=each)) for each in _each_otherwise(waiting.timeout)),
        with_step(several, replace(several, actions=several.actions[::-1])),
        *(replace(sop, anytime=(each, *sop.anytime[1:])) for each in _each_otherwise(first)),
        *(replace(sop, anytime=(each, *sop.anytime)) for each in _each_otherwise(first, "name", "actor")),
        replace(sop, anytime=(*sop.anytime, first)),
        replace(sop, anytime=sop.anytime[::-1]),
        replace(sop, actors=(replace(sop.actors[0], title="Lain"), *sop.actors[1:])),
        replace(sop, actors=(replace(sop.actors[0], scope="agency"), *sop.actors[1:])),
    ]

    assert [] == [each for each in changed if not changes(sop, each)]
