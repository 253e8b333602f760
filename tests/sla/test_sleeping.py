"""A scheduler that was stopped for two days tells the same as one that ran through."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fixtures.office import START, Office
from tests.fixtures.postgres import execute, with_database
from tests.sla.lives import DossierLife, Nap

TENANTS = ("bantul", "cilacap", "cirebon", "kepulauan", "majalengka", "trenggalek")
GAPS = (0, 1, 14, 16, 45, 61, 150, 700, 1_440, 2_000, 4_000, 14_400, 45_000, 90_000)
"""Minutes between two acts, from haste to months of silence."""
TWO_DAYS = timedelta(days=2)
LONG_AFTER = timedelta(days=120)


@pytest.fixture
def offices(database_url: str, postgres_url: str, migrated_template: str) -> Iterator[tuple[Office, Office]]:
    """Two installations, each with a database of its own."""
    second = f"{database_url.rpartition('/')[2].partition('?')[0]}_second"
    execute(postgres_url, f"CREATE DATABASE {second} TEMPLATE {migrated_template} STRATEGY file_copy")
    opened = Office(database_url), Office(with_database(postgres_url, second))
    yield opened
    for office in opened:
        office.close()
    execute(postgres_url, f"DROP DATABASE {second} WITH (FORCE)")


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    tenant=st.sampled_from(TENANTS),
    acts=st.lists(st.tuples(st.sampled_from(GAPS), st.integers(0, 11)), max_size=10),
    asleep_after=st.sampled_from(GAPS),
)
def test_two_days_asleep_change_nothing(
    offices: tuple[Office, Office], tenant: str, acts: list[tuple[int, int]], asleep_after: int
) -> None:
    """Whatever is done meanwhile: the same warnings, breaches, escalations and ends, as of the same times."""
    nap_starts = START + timedelta(minutes=asleep_after)
    naps = (None, Nap(nap_starts, nap_starts + TWO_DAYS))
    through, slept = (DossierLife.begin(office, tenant, nap) for office, nap in zip(offices, naps, strict=True))
    for life in (through, slept):
        now = START
        for gap, choice in acts:
            now += timedelta(minutes=gap)
            life.until(now)
            life.act(choice)
        life.until(max(now, nap_starts + TWO_DAYS) + LONG_AFTER)

    assert through.told() == slept.told()
    assert through.clocks() == slept.clocks()


def test_the_lives_are_not_empty(office: Office) -> None:
    """What is compared is something: a complaint that nobody touches warns, breaches and climbs."""
    life = DossierLife.begin(office, "bantul")
    life.until(START + LONG_AFTER)

    assert ["ClockWarned", "ClockBreached", "Escalated", "Escalated", "ClockWarned", "ClockBreached"] == [
        what for _, what, *_ in life.told()
    ]
