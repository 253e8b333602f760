"""Who may read, as one table: it is one rule, so every list, dossier and figure answers alike."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from services.notify import queries as notify
from services.reporting import monthly
from services.reporting import queries as reporting
from services.reporting.exchange import exchange
from services.reporting.hints import hints
from services.reporting.photos import photos_alike
from services.reporting.published import to_publish
from services.reporting.register import register
from services.reporting.returned import returned
from services.reporting.search import search
from services.reporting.spread import spread
from services.reporting.suggestions import suggestions
from services.reporting.twins import tell_apart, twins
from services.reporting.yearly import year
from services.routing import files
from services.routing import queries as routing
from services.routing.board import board
from services.routing.watched import watched
from services.sla import queries as sla
from shared.application.reading_rights import check_may_read, narrowed, readable_agency
from shared.base.caller import Caller
from shared.base.errors import Forbidden
from tests.fixtures.office import Office, every_tenant
from tests.reading.rooms import TwoComplaints

HOME = every_tenant().get("cilacap")
WHO = {
    "administrator": Caller("*", "admin", user="root", admin=True),
    "desk": Caller("cilacap", "coordinator", user="rina"),
    "agency": Caller("cilacap", "operator", "dpupr", "dewi"),
    "other agency": Caller("cilacap", "operator", "dinkes", "budi"),
    "agency without one": Caller("cilacap", "operator", None, "nobody"),
    "agency of no name": Caller("cilacap", "operator", "", "nobody"),
    "other tenant's desk": Caller("bantul", "coordinator", user="rina"),
    "other tenant's agency": Caller("bantul", "operator", "dpupr", "dewi"),
    "reporter": Caller("cilacap", "reporter", user="reporter"),
    "system": Caller("cilacap", "system", user="sla"),
    "no role of the SOP": Caller("cilacap", "walikota", user="x"),
    "claims every tenant": Caller("*", "coordinator", user="x"),
}
REFUSED = {
    "agency without one": "wrong_agency",
    "agency of no name": "wrong_agency",
    "other tenant's desk": "wrong_tenant",
    "other tenant's agency": "wrong_tenant",
    "reporter": "wrong_actor",
    "system": "wrong_actor",
    "no role of the SOP": "wrong_actor",
    "claims every tenant": "wrong_tenant",
}
PARTS = {"administrator": None, "desk": None, "agency": "dpupr", "other agency": "dinkes"}

Ask = Callable[[TwoComplaints, Caller], Any]
DOORS: dict[str, Ask] = {
    "inbox": lambda room, who: routing.inbox(room.runtime, who, "cilacap"),
    "dossier": lambda room, who: routing.dossier(room.runtime, who, "cilacap", room.receipt.id),
    "clocks": lambda room, who: sla.clocks(room.runtime, who, "cilacap"),
    "messages": lambda room, who: notify.messages(room.runtime, who, "cilacap", room.receipt.id),
    "recap": lambda room, who: reporting.recap(room.runtime, who, "cilacap", "2026-10"),
    "search": lambda room, who: search(room.runtime, who, "cilacap", {}),
    "register": lambda room, who: register(room.runtime, who, "cilacap", "2026-10"),
    "outline": lambda room, who: routing.outline(room.runtime, who, "cilacap"),
    "board": lambda room, who: board(room.runtime, who, "cilacap"),
    "watched": lambda room, who: watched(room.runtime, who, "cilacap", "late", wanted={}),
    "returned": lambda room, who: returned(room.runtime, who, "cilacap", "returned"),
    "latest": lambda room, who: routing.latest(room.runtime, who, "cilacap", room.id),
    "file": lambda room, who: files.hand(room.runtime, who, "cilacap", room.id, "x"),
    "suggestions": lambda room, who: suggestions(room.runtime, who, "cilacap", room.id),
    "photos": lambda room, who: photos_alike(room.runtime, who, "cilacap", room.id),
    "twins": lambda room, who: twins(room.runtime, who, "cilacap"),
    "told apart": lambda room, who: tell_apart(room.runtime, who, "cilacap", [room.id, room.other.id]),
    "hints": lambda room, who: hints(room.runtime, who, "cilacap", [room.id]),
    "spread": lambda room, who: spread(room.runtime, who, "cilacap", "2026-10"),
    "year": lambda room, who: year(room.runtime, who, "cilacap", "2026"),
    "to publish": lambda room, who: to_publish(room.runtime, who, "cilacap"),
    "drawn": lambda room, who: monthly.drawn(room.runtime, who, "cilacap"),
    "drawn recap": lambda room, who: monthly.drawn_recap(room.runtime, who, "cilacap", "2026-10"),
    "exchange": lambda room, who: exchange(room.runtime, who, "cilacap", source="x", channel="csv"),
}


@pytest.fixture
def room(database_url: str) -> Iterator[TwoComplaints]:
    """A complaint that lies with an agency, and one with another."""
    office = Office(database_url)
    yield TwoComplaints(office)
    office.close()


@pytest.mark.parametrize("who", sorted(REFUSED))
def test_whoever_has_no_part_is_refused_at_every_door(room: TwoComplaints, who: str) -> None:
    """With the same code, whatever is asked for."""
    said = {}
    for door, ask in DOORS.items():
        with pytest.raises(Forbidden) as refused:
            ask(room, WHO[who])
        said[door] = refused.value.code

    assert dict.fromkeys(DOORS, REFUSED[who]) == said


@pytest.mark.parametrize("who", sorted(PARTS))
def test_whoever_has_a_part_reads_it_at_every_door(room: TwoComplaints, who: str) -> None:
    """Lists hold that part and no more; a dossier and its messages open to whose they are."""
    part = PARTS[who]
    expected = {room.agency, room.elsewhere} if part is None else {part}
    lists = {door: DOORS[door](room, WHO[who]) for door in ("inbox", "clocks", "recap", "register", "search")}

    assert expected == {item["agency"] for item in lists["inbox"]["items"]}
    assert expected == {item["agency"] for item in lists["clocks"]["items"] if item["target"] == "step"}
    assert len(expected) == lists["recap"]["filed"]
    assert expected == {row["agency"] for row in lists["register"]["rows"]}
    assert expected == {item["agency"] for item in lists["search"]["items"]}
    for door in ("dossier", "messages"):
        if part in (None, room.agency):
            DOORS[door](room, WHO[who])
            continue
        with pytest.raises(Forbidden) as refused:
            DOORS[door](room, WHO[who])
        assert "wrong_agency" == refused.value.code


def test_no_list_tells_an_administrator_what_was_written(room: TwoComplaints) -> None:
    """They keep the installation: what a complaint says they read by opening it, and that is recorded."""
    room.back_to_the_desk()
    lists = {
        **{door: DOORS[door] for door in ("inbox", "search", "register")},
        "inbox by time": lambda each, who: routing.inbox(each.runtime, who, "cilacap", states=[]),
        "watched": lambda each, who: watched(each.runtime, who, "cilacap", "late", wanted={}),
        "returned": lambda each, who: returned(each.runtime, who, "cilacap", "returned"),
    }
    room.office.later(days=9)
    told = {name: ask(room, WHO["administrator"]) for name, ask in lists.items()}
    desk = {name: ask(room, WHO["desk"]) for name, ask in lists.items()}

    assert [] == [name for name, each in told.items() if "Jalan rusak" in str(each)]
    assert [] == [name for name, each in desk.items() if "Jalan rusak" not in str(each)]


def test_an_agency_lists_no_other_agencys_clocks(room: TwoComplaints) -> None:
    """Nor those of a dossier that it once had."""
    room.back_to_the_desk()
    told = DOORS["clocks"](room, WHO["agency"])["items"]
    others = DOORS["clocks"](room, WHO["other agency"])["items"]

    assert [] == [item for item in told if item["agency"] != "dpupr"]
    assert {str(room.other.id)} == {item["dossier"] for item in others}


@pytest.mark.parametrize(
    ("who", "asked", "told"),
    [
        ("administrator", "dinkes", "dinkes"),
        ("administrator", None, None),
        ("desk", "dinkes", "dinkes"),
        ("desk", None, None),
        ("agency", "dpupr", "dpupr"),
        ("agency", None, "dpupr"),
    ],
)
def test_a_list_is_narrowed_to_what_was_asked_for(who: str, asked: str | None, told: str | None) -> None:
    """Within what the reader may read."""
    assert told == narrowed(WHO[who], HOME, asked)


def test_a_list_of_another_agency_is_refused() -> None:
    """It is not narrowed in silence to the reader's own."""
    with pytest.raises(Forbidden) as refused:
        narrowed(WHO["agency"], HOME, "dinkes")

    assert "wrong_agency" == refused.value.code


@pytest.mark.parametrize("who", sorted(WHO))
@pytest.mark.parametrize("agency", ["dpupr", "dinkes", None])
def test_a_dossier_opens_to_who_may_list_it(who: str, agency: str | None) -> None:
    """One rule for lists and for dossiers, under a version that is gone as well as under the present one."""
    for version in (HOME.sop.version, 99):
        assert _may(lambda v=version: check_may_read(WHO[who], HOME, v, agency)) == (  # type: ignore[misc]
            who in PARTS and PARTS[who] in (None, agency)
        )


def test_every_role_of_every_procedure_has_its_scope() -> None:
    """Tenant's roles read all, agencies' roles their agency's, all others nothing."""
    for tenant in every_tenant().all():
        for actor in tenant.sop.actors:
            agency = tenant.agencies[0].id
            who = Caller(tenant.id, actor.id, agency, "x")
            may = _may(lambda t=tenant, w=who: readable_agency(w, t))  # type: ignore[misc]

            assert may == (actor.scope in ("tenant", "agency"))
            if may:
                assert (None if actor.scope == "tenant" else agency) == readable_agency(who, tenant)


def _may(ask: Callable[[], object]) -> bool:
    try:
        ask()
    except Forbidden:
        return False
    return True
