"""Leave and help, asked for and given: who may, when, and until when at most."""

from datetime import timedelta
from typing import Any

import pytest

from services.intake.receipts import Receipt
from services.intake.reporter import track
from services.routing import commands, queries
from services.routing.projection import InboxProjection
from shared.application.dossiers.codec import decode
from shared.base.caller import Caller
from shared.base.errors import AduanError, Conflict, Forbidden, Invalid
from shared.domain.dossier.events import ClockEvent
from shared.store.projection.runner import apply_batch
from tests.fixtures.office import CAUSE, Office

T = "cilacap"
COORDINATOR = Caller(T, "coordinator", user="coordinator-1")
OPERATOR = Caller(T, "operator", "dpupr", user="operator-1")
HELPER = Caller(T, "operator", "dinkes", user="operator-2")
STRANGER = Caller(T, "operator", "dishub", user="operator-3")
PAUSE = {"kind": "pause", "why": "goods", "until": "2026-10-08T08:00:00+07:00", "reason": "Aspal belum datang"}
from shared.wording.codes import split_message


@pytest.fixture
def receipt(office: Office) -> Receipt:
    """A complaint before the operator of an agency."""
    filed = office.file()
    office.act(filed, "coordinator", "dispose", agency="dpupr")
    return filed


def do(office: Office, receipt: Receipt, who: Caller, action: str, **fields: Any) -> commands.CarriedOut:
    """An action of somebody."""
    return commands.act(office.runtime, who, T, receipt.id, action, fields, CAUSE)


def tasks(office: Office, who: Caller) -> list[tuple[str, int]]:
    """What lies in somebody's inbox."""
    apply_batch(office.runtime.database, InboxProjection(), decode, office.news())
    found = queries.inbox(office.runtime, who, T, actor=who.actor)["items"]
    return [(item["task"], item["task_version"]) for item in found]


def offered(office: Office, receipt: Receipt, who: Caller) -> set[str]:
    """What somebody is offered to do."""
    return {each["action"] for each in queries.dossier(office.runtime, who, T, receipt.id)["allowed"]}


def test_leave_is_asked_decided_and_told(office: Office, receipt: Receipt) -> None:
    """The desk asks, the coordinator has it as a task and gives it, the reporter reads until when and no reason."""
    asked = do(office, receipt, OPERATOR, "ask_leave", **PAUSE).dossier.version
    open_before = tasks(office, COORDINATOR)
    granted = do(office, receipt, COORDINATOR, "grant_leave", asked=asked, reason="Setuju")
    view = queries.dossier(office.runtime, OPERATOR, T, receipt.id)
    [told] = [
        each for each in track(office.runtime, T, receipt.ticket, receipt.tracking_code)["timeline"] if "why" in each
    ]

    assert [("leave", asked)] == open_before
    assert [] == tasks(office, COORDINATOR)
    clock = view["clocks"][-1]
    assert ("paused", "2026-10-08T08:00:00+07:00") == (clock["state"], clock["paused_until"])
    assert granted.dossier.due_at is not None
    assert view["due_at"] == clock["due_at"] > clock["promised_due_at"]
    assert ("LeaveGranted", "pause", "goods") == (told["event"], told["kind"], told["why"])
    assert "Setuju" not in str(told)
    assert "Aspal belum datang" not in str(track(office.runtime, T, receipt.ticket, receipt.tracking_code))


def test_the_case_goes_on_while_a_step_stands_still(office: Office, receipt: Receipt) -> None:
    """Leave is a desk's; what the reporter was promised of the whole runs on."""
    before = [clock.due_at for clock in office.load(receipt.id).clocks if clock.target == "case"]
    asked = do(office, receipt, OPERATOR, "ask_leave", **PAUSE).dossier.version
    do(office, receipt, COORDINATOR, "grant_leave", asked=asked)
    after = [(clock.due_at, clock.state) for clock in office.load(receipt.id).clocks if clock.target == "case"]

    assert [(due_at, "running") for due_at in before] == after


def test_leave_refused_changes_nothing(office: Office, receipt: Receipt) -> None:
    """The clock runs on; it may be asked for again."""
    before = office.load(receipt.id).due_at
    asked = do(office, receipt, OPERATOR, "ask_leave", **PAUSE).dossier.version
    do(office, receipt, COORDINATOR, "refuse_leave", asked=asked, reason="Pinjam dari gudang")

    assert before == office.load(receipt.id).due_at
    assert "ask_leave" in offered(office, receipt, OPERATOR)
    with pytest.raises(Conflict, match="no_leave_asked"):
        do(office, receipt, COORDINATOR, "grant_leave", asked=asked)


def test_a_pause_is_ended_when_what_was_waited_for_has_come(office: Office, receipt: Receipt) -> None:
    """By the desk, counting as long as it lasted; then there is nothing left to end."""
    asked = do(office, receipt, OPERATOR, "ask_leave", **PAUSE).dossier.version
    do(office, receipt, COORDINATOR, "grant_leave", asked=asked)
    office.later(minutes=30)
    do(office, receipt, OPERATOR, "resume", note="Aspal datang")

    assert (
        timedelta(minutes=45) == (office.load(receipt.id).due_at or office.time.now()) - office.load(receipt.id).since
    )
    with pytest.raises(Conflict, match="not_paused"):
        do(office, receipt, OPERATOR, "resume")


@pytest.mark.parametrize(
    ("who", "action", "fields", "expected"),
    [
        (STRANGER, "ask_leave", PAUSE, "wrong_agency"),
        (HELPER, "ask_leave", PAUSE, "wrong_agency"),
        (Caller(T, "head", "dpupr"), "ask_leave", PAUSE, "wrong_actor"),
        (COORDINATOR, "ask_leave", PAUSE, "wrong_actor"),
        (OPERATOR, "grant_leave", {"asked": 3}, "wrong_actor"),
        (OPERATOR, "refuse_leave", {"asked": 3, "reason": "x"}, "wrong_actor"),
        (STRANGER, "resume", {}, "wrong_agency"),
        (STRANGER, "ask_help", {"agency": "dinkes", "note": "x"}, "wrong_agency"),
        (Caller(T, "head", "dpupr"), "ask_help", {"agency": "dinkes", "note": "x"}, "wrong_actor"),
        (Caller("bantul", "coordinator"), "ask_help", {"agency": "dinkes", "note": "x"}, "wrong_tenant"),
        (Caller(T, "reporter"), "ask_help", {"agency": "dinkes", "note": "x"}, "wrong_actor"),
        (Caller(T, "system"), "resume", {}, "wrong_actor"),
        (Caller("*", "admin", admin=True), "grant_leave", {"asked": 3}, "admin_may_not_act"),
    ],
)
def test_nobody_arranges_what_is_not_theirs(
    office: Office, receipt: Receipt, who: Caller, action: str, fields: dict[str, Any], expected: str
) -> None:
    """Another agency, another role, another government, a reporter, an administrator: refused, nothing recorded."""
    before = office.types(receipt.id)
    with pytest.raises(Forbidden, match=expected):
        do(office, receipt, who, action, **fields)

    assert before == office.types(receipt.id)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"kind": "holiday"}, {"kind": ["not_a_choice?choices=pause%2C+extension"]}),
        ({"why": "tired"}, {"why": ["not_a_choice?choices=other_agency%2C+court%2C+force_majeure%2C+goods%2C+budget"]}),
        ({"until": "besok"}, {"until": ["not_an_instant"]}),
        ({"until": "2026-10-08T08:00:00"}, {"until": ["not_an_instant"]}),
        ({"until": "2026-10-04"}, {"until": ["not_after?instant=2026-10-05T08%3A00%3A00%2B07%3A00"]}),
        ({"reason": " "}, {"reason": ["required"]}),
        ({"until": None}, {"until": ["required"]}),
        ({"colour": "red"}, {"colour": ["unknown_field"]}),
        (
            {"until": "2026-11-20"},
            {"until": ["longer_than_the_sop_allows?most=30+wd&instant=2026-11-16T16%3A00%3A00%2B07%3A00"]},
        ),
        (
            {"kind": "extension", "until": "2026-10-20"},
            {"until": ["longer_than_the_sop_allows?most=10+wd&instant=2026-10-19T16%3A00%3A00%2B07%3A00"]},
        ),
    ],
)
def test_what_is_asked_for_is_checked(
    office: Office, receipt: Receipt, changed: dict[str, Any], expected: dict[str, list[str]]
) -> None:
    """Each field by itself, with what the SOP allows instead."""
    with pytest.raises(Invalid) as refused:
        do(office, receipt, OPERATOR, "ask_leave", **{**PAUSE, **changed})

    assert expected == refused.value.fields


def test_a_day_is_meant_to_its_end(office: Office, receipt: Receipt) -> None:
    """Until the seventh means until the office closes on the seventh."""
    asked = do(office, receipt, OPERATOR, "ask_leave", **{**PAUSE, "until": "2026-10-07"}).dossier.version
    do(office, receipt, COORDINATOR, "grant_leave", asked=asked)

    assert "2026-10-08T07:45:00+07:00" == queries.dossier(office.runtime, OPERATOR, T, receipt.id)["due_at"]


def test_one_request_at_a_time(office: Office, receipt: Receipt) -> None:
    """The second is refused until the first is decided; whoever lets go of the dossier asks no longer."""
    do(office, receipt, OPERATOR, "ask_leave", **PAUSE)
    with pytest.raises(Conflict, match="leave_asked_already"):
        do(office, receipt, OPERATOR, "ask_leave", **PAUSE)
    office.act(receipt, "operator", "forward")

    assert [] == tasks(office, COORDINATOR)
    assert "ask_leave" in offered(office, receipt, Caller(T, "liaison", "dpupr"))


def test_what_stands_still_cannot_be_put_off(office: Office, receipt: Receipt) -> None:
    """The pause is ended first; it can be lengthened."""
    asked = do(office, receipt, OPERATOR, "ask_leave", **PAUSE).dossier.version
    do(office, receipt, COORDINATOR, "grant_leave", asked=asked)

    with pytest.raises(Conflict, match="clock_paused"):
        do(office, receipt, OPERATOR, "ask_leave", **{**PAUSE, "kind": "extension", "until": "2026-10-15"})
    longer = do(office, receipt, OPERATOR, "ask_leave", **{**PAUSE, "until": "2026-10-09T08:00:00+07:00"}).dossier
    do(office, receipt, COORDINATOR, "grant_leave", asked=longer.version)
    assert "2026-10-09T08:15:00+07:00" == queries.dossier(office.runtime, OPERATOR, T, receipt.id)["due_at"]


def test_a_dossier_of_the_first_version_knows_no_leave(office: Office) -> None:
    """What its SOP does not say is not there, and is told as for any other action."""
    tenant = office.runtime.tenants.get(T)
    older = next(sop for sop in tenant.sops.values() if sop.leave is None)
    dossier = office.load(office.file().id)

    assert 1 == older.version
    assert 2 == dossier.sop_version


def test_a_part_is_asked_given_and_read(office: Office, receipt: Receipt) -> None:
    """The helping agency reads the dossier, has its task and its time, and gives its part; the leading one answers."""
    part = do(office, receipt, COORDINATOR, "ask_help", agency="dinkes", note="Periksa air").dossier.version
    mine = tasks(office, HELPER)
    seen = queries.dossier(office.runtime, HELPER, T, receipt.id)
    do(office, receipt, HELPER, "give_help", part=part, response="Air aman")
    after = queries.dossier(office.runtime, OPERATOR, T, receipt.id)
    clock = next(each for each in after["clocks"] if each["target"] == "help")

    assert [("help", part)] == mine
    assert ["give_help", "cancel_help"] == [each["action"] for each in seen["allowed"]]
    assert [] == tasks(office, HELPER)
    assert ("satisfied", "dinkes", "2026-10-08T16:00:00+07:00") == (clock["state"], clock["agency"], clock["due_at"])
    assert "Air aman" == after["timeline"][-1]["response"]
    assert ("receive", "operator", "dpupr") == (after["step"], after["actor"], after["agency"])


def test_only_who_helps_reads_and_only_who_is_asked_gives(office: Office, receipt: Receipt) -> None:
    """Each part is its agency's; a third agency neither reads nor gives."""
    part = do(office, receipt, OPERATOR, "ask_help", agency="dinkes", note="x").dossier.version
    other = do(office, receipt, OPERATOR, "ask_help", agency="dishub", note="x").dossier.version

    for who, number in ((STRANGER, part), (HELPER, other), (OPERATOR, part)):
        with pytest.raises(Forbidden):
            do(office, receipt, who, "give_help", part=number, response="x")
    with pytest.raises(Forbidden, match="wrong_agency"):
        queries.dossier(office.runtime, Caller(T, "operator", "dlh"), T, receipt.id)
    with pytest.raises(Conflict, match="no_such_part"):
        do(office, receipt, HELPER, "give_help", part=1, response="x")


def test_who_has_helped_may_still_read(office: Office, receipt: Receipt) -> None:
    """What became of it is their business too; acting on it is not."""
    part = do(office, receipt, OPERATOR, "ask_help", agency="dinkes", note="x").dossier.version
    do(office, receipt, HELPER, "cancel_help", part=part, reason="Bukan urusan kami")
    view = queries.dossier(office.runtime, HELPER, T, receipt.id)

    assert "HelpCancelled" == view["timeline"][-1]["event"]
    assert [] == view["allowed"]
    with pytest.raises(Conflict, match="not_allowed_here"):
        do(office, receipt, HELPER, "give_help", part=part, response="x")


def test_the_helping_agency_does_not_know_a_secret_reporter(office: Office) -> None:
    """As any agency: the name stays with the government's own desks."""
    filed = office.file(privacy="secret")
    office.act(filed, "coordinator", "dispose", agency="dpupr")
    do(office, filed, COORDINATOR, "ask_help", agency="dinkes", note="x")

    assert "reporter" not in queries.dossier(office.runtime, HELPER, T, filed.id)["complaint"]


@pytest.mark.parametrize(
    ("agency", "expected"), [("dpupr", "leads_already"), ("nowhere", "unknown_agency"), ("dinkes", "helps_already")]
)
def test_help_is_asked_of_somebody_else(office: Office, receipt: Receipt, agency: str, expected: str) -> None:
    """Not of the leading agency, not of none, not twice of the same."""
    do(office, receipt, COORDINATOR, "ask_help", agency="dinkes", note="x")
    with pytest.raises(Invalid) as refused:
        do(office, receipt, COORDINATOR, "ask_help", agency=agency, note="x")

    assert [expected] == [split_message(each)[0] for each in refused.value.fields["agency"]]


def test_an_end_calls_off_every_part(office: Office, receipt: Receipt) -> None:
    """Withdrawn: the helping agency has no task and no clock any more, and cannot give what nobody wants."""
    part = do(office, receipt, COORDINATOR, "ask_help", agency="dinkes", note="x").dossier.version
    office.say(receipt, "withdraw", reason="Sudah selesai")

    assert [] == tasks(office, HELPER)
    assert ["cancelled"] == [clock.state for clock in office.load(receipt.id).clocks if clock.target == "help"]
    with pytest.raises(AduanError, match="not_allowed_here"):
        do(office, receipt, HELPER, "give_help", part=part, response="x")


def test_a_late_part_is_late_by_itself(office: Office, receipt: Receipt) -> None:
    """Warned, breached, brought before the helping agency's own chain; the leading desk is not late with it."""
    part = do(office, receipt, COORDINATOR, "ask_help", agency="dinkes", note="x").dossier.version
    office.act(receipt, "operator", "forward")
    office.later(days=4)
    office.tick()
    do(office, receipt, HELPER, "give_help", part=part, response="x")
    told = [e for e in office.history(receipt.id) if isinstance(e, ClockEvent) and e.target == "help"]
    [clock] = [clock for clock in office.load(receipt.id).clocks if clock.target == "help"]

    assert {"ClockWarned", "ClockBreached", "Escalated"} == {event.type for event in told}
    assert {"dinkes"} == {event.holder_agency for event in told}
    assert ("breached", True) == (clock.state, (clock.late_seconds or 0) > 0)
