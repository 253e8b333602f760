"""What cannot be done for a reason of ours is given up in the end: kept and told, and nobody else waits for it."""

from typing import Any

import psycopg2
import pytest
from click.testing import CliRunner

from channels.conversing import House
from channels.doing import MOST_FAULTS, do_one
from channels.dropping import drop
from channels.waiting import measure
from channels.working import tick
from cli.channel import command
from cli.providers.whatsapp import WhatsAppProvider
from services.notify.outbox import Outbox
from shared.application.operations import latest
from shared.base.services import ServiceName
from shared.domain.dossier.telling import DeliveryFailed
from tests.channels.by_whatsapp import SITI, files_one, said
from tests.channels.conftest import OPERATOR
from tests.channels.line import Line
from tests.channels.talking import COMPLAINT
from tests.channels.test_figures import figure

BUDI = "6281234500099"
_COME_DUE = "UPDATE channels.outgoing SET next_attempt_at = clock_timestamp() WHERE done_at IS NULL"


class Breaking:
    """Services of which one method breaks, by a fault of ours.

    :ivar error: what it raises; none once that is mended.
    :ivar times: how often it was asked while it was broken.
    """

    def __init__(self, line: Line, method: str, error: Exception) -> None:
        self._line, self._method = line, method
        self.error: Exception | None = error
        self.times = 0

    def __call__(self, service: ServiceName, method: str, **arguments: Any) -> Any:
        """Ask, as :class:`channels.services.Services`."""
        if method == self._method and self.error is not None:
            self.times += 1
            raise self.error
        return self._line._ask(service, method, **arguments)


def _until_given_up(line: Line) -> None:
    for _ in range(MOST_FAULTS + 2):
        line.rows(_COME_DUE)
        line.works()


def _one_given_up(line: Line, whatsapp: WhatsAppProvider) -> Breaking:
    """A complaint is written, and filing it breaks each time."""
    services = Breaking(line, "file", KeyError("a fault of ours"))
    line.house = House(line.runtime, line.house.channels, services)
    files_one(line, whatsapp)
    _until_given_up(line)
    return services


def test_what_breaks_each_time_is_given_up_and_nobody_waits_for_it(operated: Line, whatsapp: WhatsAppProvider) -> None:
    """It is tried a number of times, then kept; its operator is told, once; whoever mends it has it done after all."""
    services = _one_given_up(operated, whatsapp)
    assert MOST_FAULTS == services.times
    [(kept,)] = operated.rows("SELECT sealed <> '' FROM channels.outgoing WHERE given_up_at IS NOT NULL")
    assert kept
    alarms = [
        each.text for each in Outbox(operated.runtime.settings.data_dir / "outbox").letters() if each.to == OPERATOR
    ]
    assert [True] == ["KeyError" in each and "submit" in each for each in alarms]
    assert [True] == ["a fault of ours" not in each for each in alarms]

    services.error = None
    files_one(operated, whatsapp, BUDI)
    assert 1 == len(operated.dossiers())
    before = len(whatsapp.letters_to(SITI))
    whatsapp.deliver(whatsapp.text(SITI, "STATUS"))
    operated.works()
    assert before < len(whatsapp.letters_to(SITI)), "what comes later of the same person is done too"
    assert 1 == len(operated.dossiers())


def test_what_was_given_up_is_done_when_it_has_been_mended(
    operated: Line, whatsapp: WhatsAppProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`aduan channel check` counts it, `aduan channel again` has it tried anew, and nothing is lost or done twice."""
    operated.become_shell(monkeypatch)
    services = _one_given_up(operated, whatsapp)
    services.error = None
    checked = CliRunner().invoke(command, ["check", "--tenant", "cilacap"])
    assert (1, True) == (checked.exit_code, "given up: 1" in checked.output), checked.output
    for told in ("1 to be tried again\n", "0 to be tried again\n"):
        again = CliRunner().invoke(command, ["again", "--tenant", "cilacap"])
        assert (0, told) == (again.exit_code, again.output)
    operated.works()
    assert 1 == len(operated.dossiers())
    assert 0 == CliRunner().invoke(command, ["check", "--tenant", "cilacap"]).exit_code


def test_what_was_given_up_is_dropped_deliberately(
    operated: Line, whatsapp: WhatsAppProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its person is told and may send it once more, what lay sealed is gone, and who threw it away and why is kept."""
    operated.become_shell(monkeypatch)
    services = _one_given_up(operated, whatsapp)
    measure(operated.runtime)
    assert 1 == figure("channel_given_up")
    [(id_,)] = operated.rows("SELECT id FROM channels.outgoing WHERE given_up_at IS NOT NULL")
    assert f"submit {id_} since" in CliRunner().invoke(command, ["check", "--tenant", "cilacap"]).output
    ends = []
    for why in (" ", "Uji coba", "Uji coba"):
        dropped = CliRunner().invoke(command, ["drop", "--tenant", "cilacap", "--id", str(id_), "--why", why])
        ends.append((dropped.exit_code, "dropped\n" == dropped.output))
    assert [(2, False), (0, True), (1, False)] == ends
    measure(operated.runtime)
    assert 0 == figure("channel_given_up")
    assert [("",)] == operated.rows("SELECT sealed FROM channels.outgoing WHERE id = %s", str(id_))
    [kept] = latest(operated.runtime.database, 50)
    assert ("cli", "discard", (str(id_),), "Uji coba") == (kept.account, kept.deed, kept.ids, kept.why)

    services.error = None
    operated.works()
    assert "Terjadi kesalahan" in said(whatsapp)
    whatsapp.deliver(whatsapp.press(SITI, "Ya, kirim"))
    operated.works()
    assert 1 == len(operated.dossiers()), "nothing of it has to be written again"


def test_a_receipt_that_is_dropped_goes_by_the_next_way(operated: Line, whatsapp: WhatsAppProvider) -> None:
    """Nobody else tells its number: it is as if it had been said in vain, and it becomes the coordinator's task."""
    services = Breaking(operated, "talk", KeyError("a fault of ours"))
    services.error = None
    operated.house = House(operated.runtime, operated.house.channels, services)
    whatsapp.deliver(whatsapp.text(SITI, COMPLAINT, name="Siti Rahayu"))
    operated.works()
    for title in ("Ya, kirim", "Siti Rahayu"):
        whatsapp.deliver(whatsapp.press(SITI, title))
        operated.works()
    whatsapp.deliver(whatsapp.text(SITI, "RT 02 RW 01 Hanum Dayeuhluhur"))
    operated.works()
    services.error = KeyError("a fault of ours")
    whatsapp.deliver(whatsapp.press(SITI, "Anonim"))
    operated.works()
    _until_given_up(operated)
    services.error = None
    [dossier] = operated.dossiers()
    [(id_,)] = operated.rows("SELECT id FROM channels.outgoing WHERE given_up_at IS NOT NULL")
    assert not drop(operated.house, "bantul", id_), "another government's is not there"
    assert drop(operated.house, "cilacap", id_)
    operated.works()
    assert [1] == [event.answer for event in operated.history(dossier) if isinstance(event, DeliveryFailed)]


def test_what_lies_in_the_data_holds_up_nobody(operated: Line, whatsapp: WhatsAppProvider) -> None:
    """Also what the database refuses of one person's is this one's trouble; that it is away is everybody's."""
    files_one(operated, whatsapp)
    services = Breaking(operated, "talk", psycopg2.DataError("it does not fit"))
    operated.house = House(operated.runtime, operated.house.channels, services)
    whatsapp.deliver(whatsapp.text(SITI, "STATUS"))
    operated.settled()
    assert tick(operated.house)
    assert services.times
    services.error = psycopg2.OperationalError("the server is shutting down")
    operated.rows(_COME_DUE)
    with pytest.raises(psycopg2.OperationalError):
        do_one(operated.house)


@pytest.mark.parametrize("away", [False, True])
def test_a_conversation_whose_data_do_not_fit_keeps_no_other_waiting(
    operated: Line, whatsapp: WhatsAppProvider, monkeypatch: pytest.MonkeyPatch, away: bool
) -> None:
    """It rests, and the others are answered in the same look; a database that is away ends the look."""
    error = psycopg2.OperationalError("away") if away else psycopg2.DataError("it does not fit")

    def breaking(house: House, tenant: str, person: Any) -> bool:
        raise error

    whatsapp.deliver(whatsapp.text(SITI, "Jalan rusak di Hanum"))
    operated.settled()
    monkeypatch.setattr("channels.working.converse", breaking)
    if away:
        with pytest.raises(psycopg2.OperationalError):
            tick(operated.house)
    else:
        tick(operated.house)
        [(attempts,)] = operated.rows("SELECT attempts FROM channels.heard WHERE state = 'new'")
        assert 1 == attempts
