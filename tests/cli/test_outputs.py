"""What commands that replace a file leave beside it, and what they take away."""

import os
from pathlib import Path

from cli.outputs import draft_of


def test_what_a_run_of_the_same_number_left_is_taken_away(tmp_path: Path) -> None:
    """In a container every run may be process 7: what the killed one before it left is not that of one that runs."""
    own, init = os.getpid(), 1
    (tmp_path / f".keys.{own}").write_text("keys")
    (tmp_path / f".keys.{own}-aside").mkdir()
    (tmp_path / f".keys.{own}-aside" / "dump").write_text("a database")
    others = [f".keys.{init}", ".keys.old", f".others.{own}", "keys"]
    for name in others:
        (tmp_path / name).write_text("of somebody else")

    assert tmp_path / f".keys.{own}" == draft_of(tmp_path / "keys")
    assert sorted(others) == sorted(each.name for each in tmp_path.iterdir())
