"""How often a command is killed: a few times in the ordinary run, at very many steps where there is time."""

import pytest


@pytest.fixture(params=[pytest.param(3, id="some"), pytest.param(40, id="many", marks=pytest.mark.chaos)])
def times(request: pytest.FixtureRequest) -> int:
    """So many times on one way."""
    return int(request.param)
