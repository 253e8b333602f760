"""Through the portal: whoever files finds it in the next list, however far the standby for lists lags."""

from pathlib import Path

import pytest

from shared.platform.migrations import migrate
from shared.platform.secret import new_secret
from tests.fixtures.waiting import eventually
from tests.journey.installation import officer
from tests.processes.cluster import Member, cluster
from tests.replica.postgres import Pair

COORDINATOR = officer("cilacap", "coordinator")

pytestmark = [pytest.mark.chaos, pytest.mark.slow, pytest.mark.process, pytest.mark.rabbitmq]


ALL = ("portal intake routing sla notify reporting",)
APART = ("routing sla notify", "reporting intake portal")


KEY = new_secret()


def _note(member: Member) -> str:
    page = member.page("readyz")
    return str(page.json().get("notes", {}).get("replica", "")) if page is not None else ""


@pytest.mark.parametrize("sets", [ALL, APART])
def test_whoever_writes_reads_it(module_pair: Pair, broker_url: str, tmp_path: Path, sets: tuple[str, ...]) -> None:
    """The standby applies everything a second late; each of thirty complaints is in the very next list."""
    migrate(module_pair.primary.url)
    module_pair.standby.ask("ALTER SYSTEM SET recovery_min_apply_delay = '1s'")
    module_pair.standby.ask("SELECT pg_reload_conf()")
    more = {"ADUAN_READ_DATABASE_URL": module_pair.standby.url}
    with cluster(module_pair.primary.url, broker_url, tmp_path, sets, master_key=KEY, logins=False, **more) as running:
        api = running.api
        [of_routing] = [each for each in running.members if "routing" in each.name]
        api.ok("GET", "/cilacap/inbox", COORDINATOR)
        eventually(lambda: _note(of_routing).startswith("lag"), within=30, what="that the standby keeps up")
        for _ in range(30):
            ticket = api.file("cilacap", message="Jalan rusak")["ticket"]
            items = api.ok("GET", "/cilacap/inbox", COORDINATOR, params={"limit": 200})["items"]

            assert ticket in {each["ticket"] for each in items}
        metrics = of_routing.page("metrics")
        eventually(lambda: api.ok("GET", "/cilacap/inbox", COORDINATOR)["items"], within=5)

    assert metrics is not None
    assert 'aduan_list_reads_total{source="primary",why="behind"}' in metrics.text
