"""A primary and its standby, made once for the tests that do not harm them."""

import shutil
from collections.abc import Iterator

import pytest

from tests.fixtures.places import fast_directory
from tests.replica.postgres import Pair


@pytest.fixture
def pair() -> Iterator[Pair]:
    """A primary and its synchronous standby, for this test alone."""
    yield from _pair(synchronous=True)


@pytest.fixture(scope="module")
def module_pair() -> Iterator[Pair]:
    """A primary and its standby, which no commit waits for, for the tests of a file."""
    yield from _pair(synchronous=False)


def _pair(*, synchronous: bool) -> Iterator[Pair]:
    made = Pair(fast_directory("aduan-pair"))
    try:
        made.start(synchronous=synchronous)
        yield made
    finally:
        made.stop()
        shutil.rmtree(made.place, ignore_errors=True)
