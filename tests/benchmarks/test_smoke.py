"""The benchmarks at their smallest: that they run and end, not what they measure."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from benchmarks import clocks, filings, hooks, latency, officers, scale, throughput
from benchmarks.doors import FEW, UP, Door, doors
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


def test_what_passes_the_doors_is_told_of_all_sides(given: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    """Filings, how soon they are seen, and officers' actions: three measurements, of processes that start once for all.

    Every side takes complaints over HTTP, and their letters go out; what is filed at half of the full load is found in
    all tables, and told with what it costs; complaints go through the whole procedure.
    """
    with doors(given, (FEW, UP)) as opened:
        for measurement in (filings, latency, officers):
            monkeypatch.setattr(measurement, "doors", partial(_those_of, opened))
        filed = filings.measure(given, rounds=1, seconds=0.3, forms=(FEW, UP), samples=given.directory)
        seen = latency.measure(given, rounds=1, seconds=1.0, forms=(FEW,), samples=given.directory)
        acted = officers.measure(given, rounds=1, seconds=0.5, forms=(FEW,), samples=given.directory)

    assert all(name in filed for name in ("bare", "few processes", "aduan up"))
    assert all(name in seen for name in ("few processes", "p99", "half / full"))
    assert all(name in acted for name in ("few processes", "p99"))


def _those_of(opened: Sequence[Door], _given: Servers, forms: Sequence[str]) -> AbstractContextManager[Sequence[Door]]:
    bare, *ours = opened
    return nullcontext([bare, *(door for door in ours if door.name in forms)])


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
