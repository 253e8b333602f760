"""What coordinators watch: each figure of the board has the list behind it, and they are of one mind."""

from typing import Any

import pytest

from services.reporting.almanac import Almanac
from services.reporting.projection import RecapProjection
from services.reporting.returned import returned
from services.routing.board import board
from services.routing.projection import InboxProjection
from services.routing.watched import KINDS, watched
from services.sla import timers
from services.sla.projection import ClockProjection
from shared.application.dossiers.codec import decode
from shared.base.caller import Caller
from shared.base.errors import Forbidden
from shared.domain.sop.vocabulary import REPORTER, SYSTEM
from shared.store.projection.runner import apply_batch
from tests.fixtures.office import Office

T = "cilacap"
COORDINATOR = Caller(T, "coordinator", user="coordinator-1")
OPERATOR = Caller(T, "operator", "dpupr", user="operator-1")
NEIGHBOUR = Caller(T, "operator", "dishub", user="operator-2")


def _applied(office: Office) -> None:
    news = office.news()
    apply_batch(office.runtime.database, InboxProjection(), decode, news)
    apply_batch(office.runtime.database, RecapProjection(Almanac(office.runtime.tenants)), decode, news)
    apply_batch(office.runtime.database, ClockProjection(), decode, news)


def _later(office: Office, minutes: int) -> None:
    """Time passes, and timers tell of it."""
    office.later(minutes=minutes)
    _applied(office)
    while timers.tick(office.runtime):
        _applied(office)


def _listed(office: Office, kind: str, caller: Caller = COORDINATOR, **wanted: str) -> list[dict[str, Any]]:
    """The whole list, a page for each of its rows."""
    items: list[dict[str, Any]] = []
    after: str | None = None
    while True:
        if kind in KINDS:
            page = watched(office.runtime, caller, T, kind, wanted=wanted, after=after, limit=1)
        else:
            page = returned(office.runtime, caller, T, kind, after=after, limit=1)
        items += page["items"]
        after = page["next"]
        if after is None:
            return items


def _figures(office: Office, caller: Caller = COORDINATOR) -> dict[str, int]:
    cells = board(office.runtime, caller, T)["cells"]
    officers = [cell for cell in cells if cell["actor"] not in (REPORTER, SYSTEM)]
    return {
        "late": sum(cell["late"] for cell in officers),
        "soon": sum(cell["warned"] for cell in officers),
        "waiting": sum(cell["waiting"] for cell in cells),
        **returned(office.runtime, caller, T, "returned", limit=1)["counts"],
    }


def _sent_back(office: Office, times: int) -> str:
    office.later(seconds=1)
    receipt = office.file(message="Lampu jalan padam")
    for _ in range(times):
        office.act(receipt, "coordinator", "dispose", agency="dpupr")
        office.act(receipt, "operator", "return", reason="Bukan jalan kami")
    return receipt.ticket


def test_each_figure_of_the_board_is_the_length_of_its_list(office: Office) -> None:
    """Late, nearly late, waiting for the reporter, sent back, going to and fro: as the time passes, by who asks."""
    once, twice = _sent_back(office, 1), _sent_back(office, 2)
    waits = office.file(message="Sampah menumpuk")
    office.act(waits, "coordinator", "return", reason="Alamat belum ada")
    lies = office.file(message="Jalan berlubang")
    office.act(lies, "coordinator", "dispose", agency="dpupr")
    found: list[dict[str, int]] = []
    for minutes in (0, 12, 600):
        _later(office, minutes)
        for caller in (COORDINATOR, OPERATOR, NEIGHBOUR):
            figures = _figures(office, caller)
            assert figures == {kind: len(_listed(office, kind, caller)) for kind in figures}
            found.append(figures)

    assert [once, twice] == [item["ticket"] for item in _listed(office, "returned")]
    assert [twice] == [item["ticket"] for item in _listed(office, "bounced")]
    assert [waits.ticket] == [item["ticket"] for item in _listed(office, "waiting")]
    assert lies.ticket in [item["ticket"] for item in _listed(office, "late", OPERATOR)]
    assert [0, True, True] == [found[0]["late"], any(each["soon"] for each in found), found[-3]["late"] > 0]
    assert dict.fromkeys(found[-1], 0) == found[-1], "what is no concern of another office"


def test_a_list_is_narrowed_to_what_its_reader_may_read(office: Office) -> None:
    """To an office, a role and a step; never to another's, and without what was written for an administrator."""
    receipt = office.file(message="Jalan berlubang")
    office.act(receipt, "coordinator", "dispose", agency="dpupr")
    office.file(message="Lampu padam")
    office.later(days=2)
    _applied(office)
    at_desk = {"agency": "dpupr", "actor": "operator"}
    chief = Caller("*", "admin", admin=True)

    assert [receipt.ticket] == [item["ticket"] for item in _listed(office, "late", COORDINATOR, **at_desk)]
    assert [] == _listed(office, "late", COORDINATOR, **at_desk, step="answer")
    assert ["", ""] == [item["title"] for item in _listed(office, "late", chief)]
    assert "Lampu padam" in [item["title"] for item in _listed(office, "late")]
    for stranger in (Caller("bantul", "coordinator"), Caller(T, "reporter"), Caller(T, "operator")):
        with pytest.raises(Forbidden):
            watched(office.runtime, stranger, T, "late", wanted={})
        with pytest.raises(Forbidden):
            returned(office.runtime, stranger, T, "returned")
    with pytest.raises(Forbidden):
        _listed(office, "late", NEIGHBOUR, agency="dpupr")
