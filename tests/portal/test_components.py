"""The page of all parts is for demos and tests: where the clock is real there is nothing at its address."""

from typing import Any

import pytest

from portal.app import create_app
from shared.application.runtime import Runtime
from tests.portal.memory_gateway import MemoryGateway


@pytest.mark.parametrize("simulated", [True, False])
def test_components_are_shown_on_a_simulated_clock_only(runtime: Runtime, simulated: bool) -> None:
    """An installation at work has no such page."""
    simulation: Any = runtime.clock if simulated else None
    app = create_app(MemoryGateway(), runtime, simulation=simulation, wait=lambda *_: True)
    page = app.test_client().get("/pusat/komponen", headers={"Accept": "text/html"})

    assert (200 if simulated else 404) == page.status_code
