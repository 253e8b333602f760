"""``aduan rebuild`` is killed on its way: the tables in use are right at any time, and the next leaves nothing over."""

import pytest

from cli.projections import projection_of
from shared.application.dossiers.codec import decode
from shared.base.services import SERVICES
from shared.store.projection.runner import apply_batch
from tests.cli.command import settings_of
from tests.fixtures.office import Office
from tests.killed.dying import Ran, ended_well, killed_on_its_way, run
from tests.processes.traffic import differing_at

_BESIDE = "SELECT nspname FROM pg_namespace WHERE nspname ~ '_(rebuild|retired)$'"


def test_tables_are_right_whenever_a_rebuild_dies(
    office: Office, database_url: str, times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The former ones or the new ones, never a mixture; complaints that come meanwhile are in them."""
    for name, value in settings_of(office).items():
        monkeypatch.setenv(name, value)

    def followed() -> None:
        office.file("bantul")
        events = office.news()
        for service in SERVICES:
            apply_batch(office.runtime.database, projection_of(service), decode, events)

    followed()
    at_once = run("rebuild", "all")
    runs: list[Ran] = []
    for each in killed_on_its_way(["rebuild", "all"], len(at_once.steps), times):
        followed()
        runs.append(each)
        assert [] == differing_at(database_url)

    assert (0, True) == (at_once.status, ended_well(runs)), runs[-1].said
    assert [] == office.rows(_BESIDE)
