"""``aduan tenant move`` is killed at steps that nobody has chosen: never do both databases serve the government."""

from collections.abc import Sequence

from shared.application.bootstrap import bootstrap, require_fit
from shared.base.errors import Conflict, Unavailable
from shared.platform.settings import Settings
from tests.killed.conftest import times
from tests.killed.dying import Ran, ended_well, killed_on_its_way, run
from tests.moving.conftest import MOVED, STAYS, Pair, differing_from

__all__ = ["times"]

_UNDO_STEPS, _FORGET_STEPS = 340, 90
"""About as many as each takes."""


def _serving(pair: Pair) -> list[bool]:
    """Whether the former database serves it, and whether the other does."""
    own = pair.office.runtime.settings
    serving = []
    for url in (pair.former, pair.other):
        given = {"ADUAN_DATABASE_URL": url, "ADUAN_MASTER_KEY": own.master_key, "ADUAN_BROKER_URL": "memory://"}
        runtime = bootstrap(Settings.from_environment(given))
        try:
            require_fit(runtime)
            serving.append(True)
        except (Conflict, Unavailable):
            serving.append(False)
        finally:
            runtime.database.close()
    return serving


def _killed(pair: Pair, command: Sequence[str], steps: int, times: int) -> None:
    """Kill it on its way and let it through at last, with a look at both databases after each."""
    runs: list[Ran] = []
    for each in killed_on_its_way(command, steps, times):
        runs.append(each)
        assert [True, True] != _serving(pair)
    assert ended_well(runs), runs[-1].said


def test_a_move_goes_on_where_it_was_killed(pair: Pair, times: int) -> None:
    """There, back, there again, and its keys destroyed where it was: each row is as it was, and the other government
    notices nothing.
    """
    before, stays = pair.sums(pair.former, MOVED), pair.sums(pair.former, STAYS)
    pair.followed()
    moving = ("tenant", "move", MOVED, "--to", pair.other)
    finish, undo, forget = (*moving, "--finish"), (*moving, "--undo"), (*moving, "--forget", "--yes")

    there = run(*finish)
    _killed(pair, undo, _UNDO_STEPS, times)
    assert before == pair.sums(pair.former, MOVED)
    assert ([True, False], 0) == (_serving(pair), run(*undo).status)
    _killed(pair, finish, min(len(there.steps), _UNDO_STEPS), times)
    assert set() == differing_from(before, pair.sums(pair.other, MOVED))
    _killed(pair, forget, _FORGET_STEPS, times)
    assert set() == differing_from(before, pair.sums(pair.other, MOVED))
    assert set() == differing_from(stays, pair.sums(pair.former, STAYS))
    assert [False, True] == _serving(pair)
