"""Law 27/2022: a reporter asks for a copy of their data or a correction; 72 hours run; a desk answers, or is late."""

from datetime import timedelta
from typing import Any

import pytest

from cli.printing.render import render_text
from services.intake.agreed import carry_out
from services.intake.erasing import erase
from services.intake.receipts import Receipt
from services.intake.reporter import act as reporter_acts
from services.intake.reporter import own_data, track
from services.reporting import people
from services.reporting.almanac import Almanac
from services.reporting.projection import RecapProjection
from services.reporting.queries import recap
from services.reporting.retention import ended_before
from services.routing import commands, queries
from services.routing.tasks import after
from shared.application.dossiers.codec import decode
from shared.application.identity.erasures import Erasures
from shared.application.identity.membership import administrator
from shared.base.caller import Caller
from shared.base.errors import Conflict, Forbidden, Invalid, NotFound
from shared.domain.dossier.contents import complaint_of
from shared.domain.dossier.events import Escalated
from shared.store.projection.runner import apply_batch
from tests.fixtures.office import CAUSE, Office
from tests.fixtures.waiting import eventually

A_DAY = timedelta(days=1)
TENANTS = ("cilacap", "bantul", "majalengka", "trenggalek", "cirebon")


def asks(office: Office, receipt: Receipt, kind: str, text: str = "", tenant: str = "cilacap") -> dict[str, Any]:
    """The reporter asks; their view after it."""
    fields = {"kind": kind, **({"text": text} if text else {})}
    return reporter_acts(office.runtime, tenant, receipt.ticket, receipt.tracking_code, "ask-about-data", fields, CAUSE)


def answers(office: Office, receipt: Receipt, asked: int, outcome: str = "done", **fields: Any) -> None:
    """The coordinator answers."""
    tenant = office.load(receipt.id).tenant
    given = {"asked": asked, "outcome": outcome, "text": "Sudah kami periksa.", **fields}
    who = Caller(tenant, desk_of(office, receipt), None, "ketua")
    commands.act(office.runtime, who, tenant, receipt.id, "answer_about_data", given, CAUSE)


def desk_of(office: Office, receipt: Receipt) -> str:
    """Who answers."""
    [clock] = [each for each in office.load(receipt.id).clocks if each.target == "data"][-1:]
    return clock.actor


def test_what_is_put_right_is_no_longer_missing(office: Office) -> None:
    """Who has given their address by a correction has given it: nobody asks for it again."""
    receipt = office.file(reporter={"name": "Siti", "phone": "0812"})
    before = office.load(receipt.id).missing
    [request] = asks(office, receipt, "correction", "Alamat saya Jl. Kenanga 17")["data_requests"]
    answers(office, receipt, request["version"], reporter={"address": "Jl. Kenanga 17"})

    assert "reporter.address" in before
    assert tuple(name for name in before if name != "reporter.address") == office.load(receipt.id).missing


@pytest.mark.parametrize("tenant", TENANTS)
def test_a_copy_is_given_by_a_desk_and_then_to_whoever_holds_the_code(office: Office, tenant: str) -> None:
    """In every procedure: 72 hours by the wall clock; before the desk has looked who asks, the code opens nothing."""
    receipt = office.file(tenant)
    view = asks(office, receipt, "access", tenant=tenant)
    [request] = view["data_requests"]
    asked = office.load(receipt.id)
    [clock] = [each for each in asked.clocks if each.target == "data"]
    with pytest.raises(NotFound, match="data_not_given"):
        own_data(office.runtime, tenant, receipt.ticket, receipt.tracking_code)
    with pytest.raises(Conflict, match="data_asked"):
        asks(office, receipt, "access", tenant=tenant)
    office.later(hours=71)
    answers(office, receipt, request["version"])
    copy = own_data(office.runtime, tenant, receipt.ticket, receipt.tracking_code)
    [told] = track(office.runtime, tenant, receipt.ticket, receipt.tracking_code)["data_requests"]

    assert timedelta(hours=72) == clock.due_at - clock.started_at
    assert ("waiting", "done") == (request["state"], told["state"])
    assert "Sudah kami periksa." == told["answer"]
    assert ("Siti", "0812") == (copy["complaint"]["reporter"]["name"], copy["complaint"]["reporter"]["phone"])
    assert ["satisfied"] == [each.state for each in office.load(receipt.id).clocks if each.target == "data"]


def test_a_later_refusal_shuts_what_was_given(office: Office) -> None:
    """The latest word of the desk on who asks decides; while it looks again, the word before still holds."""
    receipt = office.file()
    for outcome, opens in (("done", True), ("refused", False), ("done", True)):
        before = office.load(receipt.id).version
        asks(office, receipt, "access")
        answers(office, receipt, before + 1, outcome)
        if opens:
            assert "Siti" in str(own_data(office.runtime, "cilacap", receipt.ticket, receipt.tracking_code))
        else:
            with pytest.raises(NotFound, match="data_not_given"):
                own_data(office.runtime, "cilacap", receipt.ticket, receipt.tracking_code)


def test_no_time_of_keeping_is_over_while_somebody_waits_for_their_data(office: Office) -> None:
    """What a reporter has asked for is not erased before they have been answered."""
    receipt = office.file()
    reporter_acts(
        office.runtime, "cilacap", receipt.ticket, receipt.tracking_code, "withdraw", {"reason": "Sudah beres"}, CAUSE
    )
    [request] = asks(office, receipt, "access")["data_requests"]
    found = []
    for answered in (False, True):
        if answered:
            answers(office, receipt, request["version"])
        counted_in(office, "cilacap")
        over = ended_before(office.runtime, administrator("root"), "cilacap", office.runtime.clock.now() + A_DAY)
        found.append([each["ticket"] for each in over["items"]])
    assert [[], [receipt.ticket]] == found


def test_a_correction_holds_from_then_on(office: Office) -> None:
    """Also after the end of the complaint; what was written before stays in the log, sealed."""
    receipt = office.file()
    reporter_acts(
        office.runtime, "cilacap", receipt.ticket, receipt.tracking_code, "withdraw", {"reason": "Sudah beres"}, CAUSE
    )
    with pytest.raises(Invalid):
        asks(office, receipt, "correction")
    [request] = asks(office, receipt, "correction", "Nama saya Siti Rahayu")["data_requests"]
    with pytest.raises(Invalid):
        answers(office, receipt, request["version"], outcome="refused", reporter={"name": "Siti Rahayu"})
    answers(office, receipt, request["version"], reporter={"name": "Siti Rahayu"})
    key = office.runtime.vault.keys(None, [receipt.id])[receipt.id]
    reporter = complaint_of(office.history(receipt.id), key)["reporter"]

    def found(name: str) -> bool:
        people.follow(office.runtime, wait=True)
        sought = people.look_up(office.runtime, people.NAME, name)
        return bool(office.rows("SELECT 1 FROM reporting.people WHERE dossier = %s AND hash = %s", receipt.id, sought))

    eventually(lambda: found("Siti Rahayu"), what="that they are found by the name that holds")
    assert not found("Siti")
    assert ("Siti Rahayu", "0812") == (reporter["name"], reporter["phone"])
    assert "withdrawn" == office.load(receipt.id).status
    with pytest.raises(Conflict, match="data_not_asked"):
        answers(office, receipt, request["version"])


def test_nobody_but_the_coordinator_answers(office: Office) -> None:
    """An agency sees of an unnamed reporter neither the request nor the answer."""
    receipt = office.file(privacy="anonymous")
    office.act(receipt, "coordinator", "dispose", agency="dpupr")
    [request] = asks(office, receipt, "correction", "Nama saya Siti Rahayu")["data_requests"]
    fields = {"asked": request["version"], "outcome": "done", "text": "ya"}
    agency = Caller("cilacap", office.load(receipt.id).actor or "", "dpupr", "petugas")
    for who in (agency, Caller(tenant="*", actor="admin", user="chief", admin=True)):
        with pytest.raises(Forbidden):
            commands.act(office.runtime, who, "cilacap", receipt.id, "answer_about_data", fields, CAUSE)
    seen = queries.dossier(office.runtime, agency, "cilacap", receipt.id)
    known = queries.dossier(office.runtime, Caller("cilacap", "coordinator", None, "ketua"), "cilacap", receipt.id)

    assert [] == seen["data_requests"]
    assert "Siti Rahayu" not in str(seen)
    assert ["Nama saya Siti Rahayu"] == [each["asked"] for each in known["data_requests"]]
    assert "data" in tasks_of(office, receipt)
    answers(office, receipt, request["version"])
    assert "data" not in tasks_of(office, receipt)


def tasks_of(office: Office, receipt: Receipt) -> list[str]:
    """The kinds of the dossier's open tasks."""
    tasks: list[Any] = []
    for event in office.history(receipt.id):
        tasks = after(tasks, event)
    return [task["task"] for task in tasks]


def counted_in(office: Office, tenant: str) -> Any:
    """What the month's recap says of such requests."""
    apply_batch(office.runtime.database, RecapProjection(Almanac(office.runtime.tenants)), decode, office.news())
    return whole_recap(office, tenant)["data_requests"]


def whole_recap(office: Office, tenant: str = "cilacap") -> Any:
    """The month's recap, as the coordinator reads it."""
    return recap(office.runtime, Caller(tenant, "coordinator", None, "ketua"), tenant, "2026-10")


def test_what_an_erased_reporter_asked_waits_for_nobody(office: Office) -> None:
    """Their clocks end with them: no recap tells for ever after that an answer is owed, or late."""
    receipt = office.file()
    asks(office, receipt, "access")
    erase(office.runtime, administrator("root"), "cilacap", receipt.ticket, "asked", CAUSE)
    office.later(hours=73)
    office.seen = 0
    assert {"asked": 1, "done": 0, "refused": 0, "late": 0, "open": 0} == counted_in(office, "cilacap")["access"]


def test_who_asks_to_be_erased_is_counted_too(office: Office) -> None:
    """In the month in which it was asked, whoever asked for a dossier of theirs; what was let go was no request."""
    done, late, dropped, old = (office.file() for _ in range(4))
    erasures = Erasures(office.runtime.database)
    for receipt, reason in ((done, "asked"), (late, "asked"), (dropped, "asked"), (old, "order")):
        erasures.ask("cilacap", receipt.ticket, reason, "root", office.runtime.clock.now())  # type: ignore[arg-type]
    erasures.let_go("cilacap", dropped.ticket)
    mark = erasures.of("cilacap", done.ticket).mark
    erasures.agree("cilacap", done.ticket, mark, "other", office.runtime.clock.now())
    assert carry_out(office.runtime)
    office.later(hours=73)
    office.seen = 0
    counted = counted_in(office, "cilacap")["erasure"]
    elsewhere = recap(office.runtime, Caller("cilacap", "operator", "dpupr"), "cilacap", "2026-10")["data_requests"]

    assert {"asked": 2, "done": 1, "refused": 0, "late": 1, "open": 1} == counted
    assert 0 == elsewhere["erasure"]["asked"]
    assert "Penghapusan data: diminta / terlambat / terbuka" in render_text(whole_recap(office))


@pytest.mark.parametrize(("tenant", "above"), [("cilacap", []), ("majalengka", ["national_admin"])])
def test_late_is_told_and_climbs(office: Office, tenant: str, above: list[str]) -> None:
    """Warned a day before, breached at the hour, brought before whoever is above the desk; the recap counts it all."""
    first, second = office.file(tenant), office.file(tenant)
    [request] = asks(office, first, "access", tenant=tenant)["data_requests"]
    [other] = asks(office, second, "correction", "Alamat saya salah", tenant=tenant)["data_requests"]
    answers(office, second, other["version"], outcome="refused")
    office.later(hours=72, minutes=1)
    office.tick()
    about = [event for event in office.history(first.id) if getattr(event, "target", None) == "data"]
    answers(office, first, request["version"])
    office.seen = 0  # the recap has heard of nothing yet
    counted = counted_in(office, tenant)

    assert ["ClockWarned", "ClockBreached", *(["Escalated"] if above else [])] == [event.type for event in about]
    assert above == [event.to_actor for event in about if isinstance(event, Escalated)]
    assert "breached" == next(each.state for each in office.load(first.id).clocks if each.target == "data")
    assert {"asked": 1, "done": 1, "refused": 0, "late": 1, "open": 0} == counted["access"]
    assert {"asked": 1, "done": 0, "refused": 1, "late": 0, "open": 0} == counted["correction"]
