"""``aduan bench soak`` at its smallest: that it runs, finds nothing wrong, and would say so."""

import pytest

from benchmarks.growing import Scales
from benchmarks.soak import Found, soak
from tests.processes.conftest import Running

pytestmark = [pytest.mark.slow, pytest.mark.process, pytest.mark.rabbitmq]


def test_a_soak_tells_what_became_of_every_complaint(running: Running) -> None:
    """Complaints come in while a service is restarted: all are filed once, and time and memory are told."""
    told, found = soak(running.cluster, running.broker, running.database, 4.0, 1.0, parts=["reporting"])

    assert found.well, told
    assert found.filed > 0
    assert ["reporting"] == [each.name for each in found.restarts]
    assert all(
        word in told for word in ("lost: 0", "there twice: 0", "outstanding: 0", "p99", "MB", "grows all the while")
    )
    assert {5} == {len(each) for each in (*found.scales.held.values(), *found.scales.memory.values())}
    assert all(found.scales.held[name][-1] for name in ("connections of PostgreSQL", "queues of RabbitMQ"))


@pytest.mark.parametrize(
    ("weighed", "told"),
    [
        ([20, 25, 30, 35, 40], ["queues"]),
        ([20, 21, 22, 23, 24], []),
        ([20, 40, 40, 40, 40], []),
        ([40, 30, 50, 60, 70], []),
    ],
    ids=["each time more", "hardly more", "full soon", "once less"],
)
def test_what_grows_all_the_while_is_told(weighed: list[int], told: list[str]) -> None:
    """A pool that fills is no leak; nor is what goes up and down."""
    assert told == Scales(held={"queues": weighed}).growing()


@pytest.mark.parametrize("wrong", ["lost", "doubled", "refused"])
def test_what_is_wrong_is_not_well(wrong: str) -> None:
    """One complaint is enough."""
    found = Found(intact=True)
    assert found.well
    setattr(found, wrong, 1)

    assert not found.well
