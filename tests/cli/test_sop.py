"""``aduan sop``: what an administrator is told of the procedures."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.cli.command import Ran, aduan, aduan_here


@pytest.fixture(scope="module")
def checked() -> Ran:
    """All five procedures, checked."""
    return aduan_here("sop", "check")


def test_list_names_every_government() -> None:
    """One line for each, with the version that complaints are filed under and its title."""
    ran = aduan("sop", "list")

    assert 0 == ran.status
    governments = [line.split("\t")[:2] for line in ran.out.splitlines()]
    assert [[t, "version 2"] for t in ("bantul", "cilacap", "cirebon", "majalengka", "trenggalek")] == governments


@pytest.mark.parametrize(
    ("tenant", "counts", "said"),
    [
        ("cilacap", "0 error, 0 warning", "the steps make up 135 min, as stated"),
        ("bantul", "0 error, 0 warning", "the steps make up 1060 min, as stated"),
        ("majalengka", "0 error, 3 warning", "32 of the stated 34 d are allotted to steps, 2 are not"),
        ("majalengka", "0 error, 3 warning", "the whole case may take 34 d, longer than 14 wd"),
        ("trenggalek", "0 error", "the steps make up 39 wd; no total is stated"),
        ("cirebon", "0 error, 0 warning", "the steps make up 10860 s; no total is stated"),
    ],
)
def test_check_does_the_sums(checked: Ran, tenant: str, counts: str, said: str) -> None:
    """No error in any of the five; sums against what the documents state, and against the law's limits."""
    assert 0 == checked.status
    assert checked.line(f"{tenant}: ").startswith(f"{tenant}: {counts}")
    assert any(said in line for line in checked.out.splitlines() if f"tenants/{tenant}/" in line)


def test_check_can_be_narrowed() -> None:
    """One government, and warnings only."""
    ran = aduan_here("sop", "check", "majalengka", "--least", "warning")

    assert (0, 4) == (ran.status, len(ran.out.splitlines()))
    assert " info: " not in ran.out


def test_check_fails_for_a_broken_file(tmp_path: Path) -> None:
    """Status 1; file and line of each error are named, and what to do about it."""
    broken = tmp_path / "contoh"
    broken.mkdir()
    (broken / "sop.yaml").write_text("version: 1\ntitle: Contoh\nsteps: jalan\n", encoding="utf-8")

    ran = aduan_here("sop", "check", "contoh", ADUAN_TENANTS_DIR=str(tmp_path))

    assert 1 == ran.status
    assert "contoh/sop.yaml:3: error: " in ran.out
    assert all(" → " in line for line in ran.out.splitlines()[1:])
    assert "Traceback" not in ran.err


def test_show_prints_the_table() -> None:
    """The printed numbers, the times, and what the steps make up."""
    ran = aduan_here("sop", "show", "bantul")

    assert 0 == ran.status
    assert "Steps make up 1060 min; stated total 1060 min" == " ".join(ran.line("Steps make up").split())
    printed = [line.split()[:2] for line in ran.out.splitlines() if line[:1].isdigit()]
    steps = ["complain", "receive", "examine", "handle", "verify", "enter", "deliver", "receive_answer"]
    assert [list(each) for each in zip("13456566", steps, strict=True)] == printed


def test_show_draws_the_flow(tmp_path: Path) -> None:
    """As an SVG that a browser reads, and as Mermaid."""
    drawing = tmp_path / "flow.svg"
    drawn = aduan_here("sop", "show", "trenggalek", "--form", "svg", "--output", str(drawing))
    mermaid = aduan_here("sop", "show", "trenggalek", "--form", "mermaid")

    assert (0, 0) == (drawn.status, mermaid.status)
    assert ET.parse(drawing).getroot().tag.endswith("svg")  # noqa: S314 - our own
    assert mermaid.out.startswith("flowchart")


def test_simulate_plays_the_same_complaints() -> None:
    """Two procedures side by side, the bottleneck of each named, and the same seed gives the same month."""
    first, again = (aduan_here("sop", "simulate", "cilacap", "cirebon", "--runs", "2", "--seed", "7") for _ in range(2))

    assert 0 == first.status
    assert first.out == again.out
    [complaints] = {tuple(first.line("complaints").split()[1:])}
    assert 1 == len(set(complaints))
    assert 3 == len(first.line("bottleneck").split())


@pytest.mark.parametrize("command", [("check",), ("show",), ("simulate",)])
def test_an_unknown_government_is_told_in_a_line(command: tuple[str, ...]) -> None:
    """Status 2, one line, no trace."""
    ran = aduan_here("sop", *command, "nowhere")

    assert (2, "aduan: There is no government of this name here.") == (ran.status, ran.err.strip())
