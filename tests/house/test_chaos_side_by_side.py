"""``make chaos`` runs every test of its own once, and tests that share servers share a run."""

import subprocess
import sys

import pytest

from shared.platform.settings import PROJECT
from tests.chaos_side_by_side import SHARES, Share, dealt

LISTED = [
    "tests/files/test_a.py::test_long[what is said :: of it]",
    *(f"tests/files/test_b.py::test_each[{number}]" for number in range(5)),
    "tests/files/test_bb.py::test_other",
    "tests/house/test_c.py::test_far",
]


def test_each_test_is_dealt_once_and_the_longest_run_comes_first() -> None:
    """A share of several runs is dealt out evenly; what nobody has named is the last."""
    named = [Share(10, ("files/test_a.py",)), Share(20, ("files/test_b.py",), runs=2), Share(5, ("replica",))]
    *long, short, rest = dealt(LISTED, named)

    assert [[LISTED[0]], LISTED[-2:]] == [short, rest]
    assert [3, 2] == [len(run) for run in long]
    assert sorted(LISTED) == sorted(test for run in (*long, short, rest) for test in run)


def test_no_test_is_dealt_to_two() -> None:
    """Nor when two shares name it: the longer one has it."""
    assert [[LISTED[0]]] == dealt(LISTED[:1], [Share(5, ("files",)), Share(9, ("files/test_a.py",))])


@pytest.mark.parametrize("share", SHARES, ids=lambda share: " ".join(share.places))
def test_a_share_names_tests_that_take_minutes(share: Share) -> None:
    """What has been moved or is run by all is not left behind in the table."""
    for place in share.places:
        path = PROJECT / "tests" / place
        files = path.rglob("*.py") if path.is_dir() else [path]

        assert any("mark" in text and "chaos" in text for text in (file.read_text(encoding="utf-8") for file in files))


def test_with_arguments_of_ones_own_one_thing_runs_after_the_other() -> None:
    """They are pytest's, and only what takes minutes is asked for."""
    command = [sys.executable, "-m", "tests.chaos_side_by_side", "--collect-only", "-q", "tests/benchmarks"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False, timeout=300)
    listed = [line for line in done.stdout.splitlines() if "::" in line]

    assert 0 == done.returncode, done.stdout + done.stderr
    assert {"test_soak.py", "test_nation.py"} == {line.partition("::")[0].rpartition("/")[2] for line in listed}
