"""Programs that are given a content end their callers' waiting, whatever they do with it."""

import time

import pytest

from shared.application.files.programs import Ran, run_on

CONTENT = b"Jalan rusak. " * 100_000


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("exit 1", Ran(1, b"", b"")),
        ("head -c 5; exit 3", Ran(3, CONTENT[:5], b"")),
        ("cat", Ran(0, CONTENT, b"")),
        ("cat >&2", Ran(0, b"", CONTENT[:500])),
        ("kill -9 $$", Ran(-9, b"", b"")),
        ("echo so >&2; exec sleep 60", Ran(None, b"", b"so\n")),
    ],
)
def test_a_program_that_reads_little_or_nothing(script: str, expected: Ran) -> None:
    """More than a pipe holds, under the runtime of the services: nobody waits for a reader that has gone."""
    began = time.monotonic()

    assert expected == run_on(CONTENT, ["/bin/sh", "-c", script], 5.0)
    assert time.monotonic() - began < 30


def test_a_program_that_is_not_there() -> None:
    """It is an error of the system's, which the caller tells as its own part being away."""
    with pytest.raises(FileNotFoundError):
        run_on(CONTENT, ["/nowhere/program"], 5.0)
