"""The master key is changed while complaints come in: as docs/operations.md tells it, and without an outage."""

import base64
import signal
from collections.abc import Sequence

import pytest
import requests

from benchmarks.soaking import Filer
from shared.base.randomness import SystemRandomness
from shared.platform.database.pool import Database
from shared.platform.secret import new_secret
from shared.platform.settings import Settings
from shared.store.vault.keys import MasterKey
from shared.store.vault.masters import WrongMasterKey
from shared.store.vault.vault import Vault
from tests.fixtures.waiting import eventually
from tests.journey.installation import Api, officer
from tests.processes.cluster import Member, ProcessCluster
from tests.processes.conftest import Running
from tests.processes.traffic import MESSAGE, complaint, dead_letters, differing, end_leases, filed, gaps, query, unsent

_NEWEST = "SELECT dossier FROM eventstore.events WHERE type = 'ComplaintFiled' ORDER BY position DESC LIMIT 1"
CLIENTS, PER_SECOND = 2, 2.0
SETTLE_SECONDS = 120.0
TENANT = "cilacap"

pytestmark = [pytest.mark.slow, pytest.mark.process, pytest.mark.rabbitmq]


def _give(cluster: ProcessCluster, member: Member, present: str, others: Sequence[str]) -> None:
    """Restart a process with these master keys, or with what it may have of them."""
    keys = {"ADUAN_MASTER_KEY": present, "ADUAN_FORMER_MASTER_KEYS": " ".join(others)}
    given = {name: value for name, value in {**cluster.environment, **keys}.items() if name.startswith("ADUAN_")}
    settings = Settings.from_environment(given)
    if member.environment["ADUAN_MASTER_KEY"]:
        member.environment.update(keys)
    else:
        words = (base64.b64encode(each).decode() for each in settings.calls_keys)
        member.environment["ADUAN_CALLS_KEY"] = " ".join(words)
    member.tell(signal.SIGTERM)
    status = member.left()
    member.start()
    cluster.wait_ready()
    if "portal" in member.name.split():
        cluster.settings, cluster.api = settings, Api(cluster.api.address, settings.token_key)
    assert 0 == status, member.tail()


def _give_all(cluster: ProcessCluster, present: str, *others: str) -> None:
    """One after the other; between any two each still understands the rest, and reads what the rest has sealed."""
    for member in cluster.members:
        _give(cluster, member, present, others)
        newest = query(cluster, _NEWEST)
        assert MESSAGE == cluster.api.dossier(TENANT, newest[0][0])["complaint"]["message"]
        assert cluster.api.ok("GET", f"/{TENANT}/inbox", officer(TENANT, "coordinator"))["items"]
    cluster.environment.update(ADUAN_MASTER_KEY=present, ADUAN_FORMER_MASTER_KEYS=" ".join(others))


def _once_more(cluster: ProcessCluster, key: str) -> str:
    """A filing that is sent again under its key; the dossier's id."""
    url = f"{cluster.api.address}/api/v1/{TENANT}/complaints"
    sent = {name: value for name, value in complaint("").items() if name in ("message", "reporter", "category")}
    answer = requests.post(url, json=sent, headers={"Idempotency-Key": key}, timeout=60)
    assert answer.ok, answer.text
    return str(answer.json()["id"])


def _masters(cluster: ProcessCluster) -> set[str]:
    return {
        each for (each,) in query(cluster, "SELECT id FROM vault.masters UNION SELECT master_key_id FROM vault.keys")
    }


@pytest.mark.parametrize("form", ["few", pytest.param("running", marks=pytest.mark.chaos)])
def test_the_key_is_changed_under_filings(request: pytest.FixtureRequest, form: str) -> None:
    """The next key is made known, then used, then all is wrapped by it, then the former is taken away: each complaint
    is there once and can be read, what was sent before is known again, and the former key opens nothing.
    """
    installation: Running = request.getfixturevalue(form)
    cluster = installation.cluster
    former, present = cluster.environment["ADUAN_MASTER_KEY"], new_secret()
    before, repeated = filed(cluster), f"repeated-{form}"
    first = _once_more(cluster, repeated)
    filer = Filer(cluster.api.address, CLIENTS, PER_SECOND)
    with filer.filing():
        eventually(lambda: filer.ids, within=60, what="the first complaint")
        _give_all(cluster, former, present)
        _give_all(cluster, present, former)
        told = cluster.aduan("key", "rotate")
        _give_all(cluster, present)
    eventually(lambda: not differing(cluster), within=SETTLE_SECONDS, every=0.5, what="all events applied")
    end_leases(cluster)
    eventually(lambda: unsent(cluster) == 0, within=SETTLE_SECONDS, every=0.2, what="all letters sent")

    assert "the former one opens none of them" in told
    assert (0, len({*filer.ids, first})) == (filer.refused, filed(cluster) - before)
    assert first == _once_more(cluster, repeated)
    assert [] == gaps(cluster)
    assert [] == dead_letters(cluster)
    assert all(MESSAGE == cluster.api.dossier(TENANT, each)["complaint"]["message"] for each in (first, *filer.ids))
    assert {MasterKey.from_text(present).id} == _masters(cluster)
    database = Database(cluster.database_url, pool_size=1)
    with pytest.raises(WrongMasterKey):
        Vault(database, MasterKey.from_text(former), SystemRandomness()).admit()
    database.close()
    assert "intact" in cluster.aduan("audit", "verify")
