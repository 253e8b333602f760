"""What takes minutes, side by side: runs of pytest, each on a share of the tests marked ``chaos``, on its own servers.

Run by ``make chaos``, which prints how soon all was well; with arguments of one's own (``make chaos ARGS='-k portal'``)
one thing runs after the other.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from tests.side_by_side import TESTS, at_once, compile_all, side_by_side

_CHAOS: Final = (sys.executable, "-m", "pytest", "-m", "chaos")
_SHOWN: Final = ("-v", "-s", "-o", "faulthandler_timeout=1800")
"""Each tells what it measured while it runs; and that it takes minutes is no sign that it hangs."""


@dataclass(frozen=True)
class Share:
    """Tests that use the same servers.

    :param seconds: how long one run of them takes: the longest begins first.
    :param places: folders and files below ``tests``.
    :param runs: how many there are, each with servers of its own and as many of the tests.
    """

    seconds: int
    places: tuple[str, ...]
    runs: int = 1


SHARES: Final = (
    Share(1260, ("benchmarks/test_soak.py",)),
    Share(900, tuple(f"processes/test_{name}.py" for name in ("chaos", "faults", "frozen", "new_key", "pile"))),
    Share(500, ("pages",)),
    Share(400, ("processes/test_matrix.py",), runs=2),
    Share(350, ("killed", "moving")),
    Share(300, ("replica",)),
    Share(250, ("processes/test_versions.py", "processes/test_poisoned.py", "benchmarks/test_nation.py", "installing")),
    Share(150, ("house",)),
    Share(100, ("messaging",)),
)
"""Of what is not named here one more is made."""


def dealt(tests: Collection[str], shares: Sequence[Share] = SHARES) -> list[list[str]]:
    """What each run of pytest is given: the run that takes longest first.

    :param tests: by their ids, as pytest tells and takes them.
    """
    left, runs = sorted(tests), []
    for share in sorted(shares, key=lambda each: -each.seconds):
        own = [test for test in left if _lies_in(test, share.places)]
        left = [test for test in left if test not in own]
        runs += [own[number :: share.runs] for number in range(share.runs)]
    return [run for run in (*runs, left) if run]


def _lies_in(test: str, places: Sequence[str]) -> bool:
    return any(test.startswith((f"{TESTS.name}/{place}/", f"{TESTS.name}/{place}::")) for place in places)


def main(arguments: Sequence[str]) -> int:
    """Run them and tell what all said, the failures last.

    :returns: 0 if all is well; else the worst of the answers.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # who is told to stop stops the others first
    cores = os.cpu_count() or 1
    if arguments or cores == 1:
        return subprocess.call([*_CHAOS, *arguments], cwd=TESTS.parent)
    compile_all()
    listed = subprocess.run(
        [*_CHAOS, "--collect-only", "-q"], cwd=TESTS.parent, capture_output=True, text=True, check=False
    )
    tests = [line for line in listed.stdout.splitlines() if line.startswith(f"{TESTS.name}/")]
    if listed.returncode or not tests:
        sys.stdout.write(listed.stdout + listed.stderr)
        return listed.returncode or 1
    return side_by_side(None, [(*_CHAOS, *_SHOWN, *run) for run in dealt(tests)], at_once(cores))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
