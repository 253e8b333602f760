"""A call that comes too late has no effect: what writes looks at its deadline first."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import eventlet
import pytest

from shared.application.dossiers.repository import Dossiers
from shared.base.clock import SimulatedClock, SystemClock
from shared.base.deadline import check_deadline, set_deadline, until
from shared.base.errors import NotFound, Unavailable
from shared.base.present_call import present_call
from shared.messaging.calling.rpc import rpc
from shared.messaging.calling.rpc_client import RpcClients
from shared.messaging.wire.runtime_provider import UseRuntime
from tests.fixtures.office import Office
from tests.messaging.helping import Serve, config_for

MACHINE = SystemClock()


def test_nothing_is_written_after_the_deadline(office: Office) -> None:
    """The append is refused as the last thing before it, and the log is as it was."""
    with until(MACHINE.now() - timedelta(seconds=1)), pytest.raises(Unavailable) as refused:
        office.file("cilacap")
    filed = office.file("cilacap")
    with until(MACHINE.now() - timedelta(seconds=1)), pytest.raises(Unavailable):
        office.say(filed, "withdraw", reason="Sudah selesai")

    assert "call_expired" == refused.value.code
    assert ["ComplaintFiled"] == office.types(filed.id)
    assert [(1,)] == office.rows("SELECT count(*) FROM eventstore.events")


def test_everything_is_written_before_it(office: Office) -> None:
    """And by whoever has none: consumers, timers, commands."""
    with until(MACHINE.now() + timedelta(seconds=60)):
        filed = office.file("cilacap")
    office.say(filed, "withdraw", reason="Sudah selesai")

    assert ["ComplaintFiled", "Withdrawn"] == office.types(filed.id)


def test_the_deadline_is_the_machines_whatever_a_simulated_clock_says() -> None:
    """At the instant itself it is too late."""
    now = MACHINE.now()
    for late, expected in ((now, True), (now + timedelta(seconds=1), False)):
        with until(late):
            assert expected == _too_late(SimulatedClock(now))


def test_each_greenlet_has_its_own() -> None:
    """One that was begun by a call does not hand it on, nor does a block keep it."""
    with until(MACHINE.now() - timedelta(seconds=1)):
        assert not eventlet.spawn(_too_late).wait()
        assert _too_late()
    assert not _too_late()


class Desk:
    """Writes when it is told to."""

    name = "desk"
    runtime: Any = UseRuntime()

    @rpc
    def write(self, slowly: float) -> str:
        """Try to write after a while."""
        eventlet.sleep(slowly)
        check_deadline()
        return "written"

    @rpc
    def which(self) -> str:
        """The call that is being answered."""
        return present_call()


def test_a_worker_knows_until_when_its_caller_waits(broker: str, serve: Serve) -> None:
    """One that has taken too long says that it did nothing, while its caller can still hear it."""
    serve(Desk, config_for(broker))
    with RpcClients(config_for(broker), timeout_seconds=6.0) as clients:
        with pytest.raises(Unavailable) as refused:
            clients.desk.write(5.45)

        assert "call_expired" == refused.value.code
        assert "written" == clients.desk.write(0)


def test_a_worker_knows_which_call_it_answers(broker: str, serve: Serve) -> None:
    """Each its own; who answers none knows of none."""
    serve(Desk, config_for(broker))
    with RpcClients(config_for(broker)) as clients:
        answered = {clients.desk.which() for _ in range(3)}

    assert (3, "") == (len(answered - {""}), present_call())


def test_a_dossier_that_is_not_there_is_not_there_late_either(office: Office) -> None:
    """Reading is not hindered."""
    set_deadline(MACHINE.now() - timedelta(seconds=1))
    try:
        with pytest.raises(NotFound):
            Dossiers(office.runtime.database, "routing").history(uuid4())
    finally:
        set_deadline(None)


def _too_late(machine: SimulatedClock | None = None) -> bool:
    try:
        check_deadline(machine)
    except Unavailable:
        return True
    return False
