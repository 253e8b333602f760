"""The benchmarks at their smallest: that they run and end, not what they measure."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks import clocks, filings, hooks, latency, officers, scale, throughput
from benchmarks.doors import FEW, UP
from benchmarks.servers import Postgres, Servers

pytestmark = [pytest.mark.slow, pytest.mark.process]


@pytest.fixture
def given(postgres_url: str, rabbitmq: Any, tmp_path: Path) -> Iterator[Servers]:
    """The session's servers: a benchmark of its own starts durable ones."""
    tmp_path.chmod(0o755)
    yield Servers(tmp_path, Postgres(postgres_url), rabbitmq)
    shutil.rmtree(tmp_path, ignore_errors=True)


def test_throughput_is_told_of_all_sides(given: Servers) -> None:
    """A complaint reaches all four projections on every side, and the ratio is told."""
    told = throughput.measure(given, rounds=1, seconds=0.1)

    assert all(name in told for name in ("few processes", "one per service", "bare, one at a time", "bare, batched"))


def test_filings_are_told_of_all_sides(given: Servers) -> None:
    """Every side takes complaints over HTTP, and their letters go out."""
    told = filings.measure(given, rounds=1, seconds=0.3, forms=(FEW, UP), samples=given.directory)

    assert all(name in told for name in ("bare", "few processes", "aduan up"))


def test_latency_is_told_at_half_load(given: Servers) -> None:
    """What is filed at half of the full load is found in all tables, and told with what it costs."""
    told = latency.measure(given, rounds=1, seconds=1.0, forms=(FEW,), samples=given.directory)

    assert all(name in told for name in ("few processes", "p99", "half / full"))


def test_officers_actions_are_told(given: Servers) -> None:
    """Complaints go through the whole procedure."""
    told = officers.measure(given, rounds=1, seconds=0.5, forms=(FEW,), samples=given.directory)

    assert all(name in told for name in ("few processes", "p99"))


def test_deliveries_of_a_provider_bring_exactly_the_right_complaints(given: Servers) -> None:
    """Repeated, malformed and shuffled ones: it fails by itself where a complaint or a receipt is missing or double."""
    told = hooks.measure(given, 60, trouble=False, samples=given.directory)

    assert all(name in told for name in ("bare", "hooks", "p99", "13 complaints, 13 receipts"))


def test_every_due_clock_is_fired_once(postgres_url: str) -> None:
    """Two instances fire what is due, and the log holds one breach of each."""
    told = clocks.measure(Postgres(postgres_url), clocks=2000, due=450, rounds=1)

    assert "Each of the 450 clocks" in told


def test_scale_is_told_of_every_page(tmp_path: Path) -> None:
    """A month is played, multiplied and rebuilt; every page answers, and what was made passes an audit."""
    tmp_path.chmod(0o755)

    told = scale.measure(tmp_path, complaints=30, played=1, asked=1, alone=["sla"])

    assert all(name in told for name in ("inbox", "breached clocks", "recap", "register", "tracking", "rebuild sla"))
    assert all(name in told for name in ("board", "recap of a year", "published complaints", "8 readers at once"))
    shutil.rmtree(tmp_path, ignore_errors=True)
