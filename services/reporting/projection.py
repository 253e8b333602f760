"""How events become cases and holdings: all that a recap counts, and nothing personal."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self, TypeAlias

from services.reporting.almanac import Almanac, of_environment
from services.reporting.data_requests import DATA_REQUESTS, requests_after
from services.reporting.holdings import COLUMNS, TOUCHING, holdings_after
from services.reporting.publications import COLUMNS as PUBLICATION
from services.reporting.publications import CONCERNED, publication_after
from services.reporting.tallies import TALLIES, changed, counted
from shared.domain.dossier.dossier import agency_after
from shared.domain.dossier.event_name import EventName
from shared.domain.dossier.events import (
    EVENT_TYPES,
    AnswerDelivered,
    Answered,
    Classified,
    ClockBreached,
    Closed,
    ComplaintFiled,
    DataAnswered,
    DataAsked,
    DeliveryFailed,
    Dispositioned,
    DossierEvent,
    Erased,
    MemberJoined,
    MemberLeft,
    Merged,
    Rated,
    Reinstated,
    Rejected,
    Reopened,
    Replied,
    Returned,
    Supplemented,
    Transferred,
)
from shared.domain.dossier.known_after import known_after
from shared.domain.dossier.promise import CASE
from shared.domain.sop.vocabulary import FINAL_STATUSES
from shared.platform.database.pool import Database
from shared.store.eventstore.reading import RecordedEvent
from shared.store.projection.projection import Projection, Row, Rows
from shared.store.projection.table import Table
from shared.store.projection.tally import Contribution

_COUNTS: dict[type[DossierEvent], str] = {
    DeliveryFailed: "delivery_failures",
    Dispositioned: "dispositions",
    Supplemented: "supplements",
    Transferred: "transfers",
    Replied: "replies",
    Reopened: "reopened",
}
_RETURNS = ("returned_incomplete", "returned_wrong_agency", "returned_out_of_authority", "returned_rework")
_FROM_FILING = ("dossier", "tenant", "ticket", "sop_version", "channel", "privacy", "filed_at", "month")
_KINDS = ("classification", "category", "kecamatan", "desa")
_OF_AN_ANSWER = (
    "answer",
    "answered_at",
    "last_answered_at",
    "first_working",
    "last_working",
    "delivered_at",
    "delivered_by",
    "steps_met",
    "rating",
    "elements",
)
_UNKNOWN_AT_FIRST = (
    *_OF_AN_ANSWER,
    "step",
    "actor",
    "agency",
    "ended_at",
    "closed_by",
    "rejected_why",
    "merged_into",
    "case_due_at",
    "case_met",
    "case_late_seconds",
    *PUBLICATION,
)
_ZERO_AT_FIRST = ("interims", "members", *_COUNTS.values(), *_RETURNS)

CASES = Table(
    schema="reporting",
    name="cases",
    key=("dossier",),
    columns=(*_FROM_FILING, *_KINDS, "status", *_UNKNOWN_AT_FIRST, *_ZERO_AT_FIRST),
)
HOLDINGS = Table(schema="reporting", name="holdings", key=("dossier", "version"), columns=COLUMNS)


_ABOUT_DATA = (DataAsked, DataAnswered, Erased)

PASSED_OVER: frozenset[EventName] = frozenset(
    {
        "Added",
        "ClockWarned",
        "Escalated",
        "FileAdded",
        "HelpAsked",
        "HelpCancelled",
        "HelpGiven",
        "LeaveAsked",
        "LeaveRefused",
        "Noted",
    }
)
"""Events of which a recap tells nothing, and which no procedure lets move a dossier: a rebuild need not read them."""


@dataclass
class _State:
    """A dossier's rows while events are applied to them; what is handed in is not changed, but for the case."""

    case: dict[str, Any]
    holdings: Sequence[Row]
    requests: Sequence[Row]

    def rows(self) -> Rows:
        """For the tables."""
        return {CASES.name: [self.case], HOLDINGS.name: self.holdings, DATA_REQUESTS.name: self.requests}


class RecapProjection(Projection):
    """Everything that a recap is made of.

    :param almanac: the governments' zones and calendars; of those that this process is set to work for unless given.
    """

    name = "reporting"
    tables = (CASES, HOLDINGS, DATA_REQUESTS)
    tallies = TALLIES
    heeds = frozenset(EVENT_TYPES) - PASSED_OVER

    def __init__(self, almanac: Almanac | None = None) -> None:
        self._almanac = almanac or of_environment()

    def beside(self, database: Database) -> Self:
        """Reckoning also by what governments have decreed in the browser."""
        return type(self)(of_environment(database))

    def evolve(self, rows: Rows, event: DossierEvent, recorded: RecordedEvent) -> Rows:
        """The dossier's case and its holdings after one more event."""
        case = {} if isinstance(event, ComplaintFiled) else dict(rows[CASES.name][0])
        state = _State(case, rows[HOLDINGS.name], rows[DATA_REQUESTS.name])
        self._apply(state, event, recorded)
        return state.rows()

    def history(self, events: Sequence[tuple[DossierEvent, RecordedEvent]]) -> Rows:
        """As `evolve` comes to: holdings follow one another as they began, and so does their key."""
        state = _State({}, (), ())
        for event, recorded in events:
            self._apply(state, event, recorded)
        return state.rows()

    def _apply(self, state: _State, event: DossierEvent, recorded: RecordedEvent) -> None:
        """One more event, in place."""
        if isinstance(event, ComplaintFiled):
            state.case = self._filed(event, recorded)
        case = state.case
        if event.promise is not None or event.status in FINAL_STATUSES or isinstance(event, TOUCHING):
            after = holdings_after(state.holdings, event, recorded, case["month"])
            state.holdings = [self._timed(case, holding) for holding in after]
        case["status"] = event.status
        case["agency"] = agency_after(case["agency"], event)
        for part in _PARTS_OF[type(event)]:
            case.update(part(case, event))
        case.update(_standard(case, event))
        case.update(_placed(case, event))
        if isinstance(event, Answered):
            if case["answer"] == event.originator_version:
                case["steps_met"] = not any(holding["breached"] for holding in state.holdings)
            case.update(self._worked(case))
        if isinstance(event, _ABOUT_DATA):
            month = self._almanac.month(event.tenant, event.occurred_at)
            state.requests = requests_after(state.requests, event, month)

    def counted(self, rows: Rows) -> Iterator[Contribution]:
        """What the dossier contributes to the months' figures."""
        return counted(rows[CASES.name], rows[HOLDINGS.name])

    def changed(self, before: Rows, after: Rows) -> Iterator[tuple[int, Contribution]]:
        """As the contributions of both, but for what is the same in them."""
        return changed(
            (before[CASES.name], before[HOLDINGS.name]),
            (after[CASES.name], after[HOLDINGS.name]),
        )

    def _filed(self, event: ComplaintFiled, recorded: RecordedEvent) -> dict[str, Any]:
        return {**_filed(event, recorded), "month": self._almanac.month(event.tenant, event.occurred_at)}

    def _timed(self, case: Row, holding: Row) -> Row:
        """The working time of a holding that has ended."""
        if holding["until"] is None or holding["working_seconds"] is not None:
            return holding
        working = self._almanac.working(case["tenant"], holding["since"], holding["until"])
        return {**holding, "working_seconds": working}

    def _worked(self, case: Row) -> dict[str, Any]:
        """The working time to the first and the last final answer."""
        if case["answered_at"] is None:
            return {}
        told = {"first_working": "answered_at", "last_working": "last_answered_at"}
        return {
            name: self._almanac.working(case["tenant"], case["filed_at"], case[until]) for name, until in told.items()
        }


def _filed(event: ComplaintFiled, recorded: RecordedEvent) -> dict[str, Any]:
    return {
        "dossier": recorded.dossier,
        "tenant": event.tenant,
        "ticket": event.ticket,
        "sop_version": event.sop_version,
        "channel": event.channel,
        "privacy": event.privacy,
        "filed_at": event.occurred_at,
        **dict.fromkeys(_KINDS),
        **dict.fromkeys(_UNKNOWN_AT_FIRST),
        **dict.fromkeys(_ZERO_AT_FIRST, 0),
    }


def _placed(case: Row, event: DossierEvent) -> dict[str, Any]:
    """Where it stands now, and since when it has ended: a reinstated one has not."""
    if event.status in FINAL_STATUSES:
        ended = {"ended_at": event.occurred_at, "closed_by": event.by if isinstance(event, Closed) else None}
        return {"step": None, "actor": None} | (ended if case["ended_at"] is None else {})
    moved = {"step": event.promise.step, "actor": event.promise.actor} if event.promise is not None else {}
    return moved | {"ended_at": None, "closed_by": None}


def _grouped(case: Row, event: DossierEvent) -> dict[str, Any]:
    """What became of it without an answer of its own, and how many others it is answered for."""
    if isinstance(event, MemberJoined | MemberLeft):
        return {"members": event.members - 1}
    if isinstance(event, Rejected):
        return {"rejected_why": event.why}
    if isinstance(event, Merged):
        return {"merged_into": event.into}
    # Reinstated: the answer of the complaint into which it was merged is none of its own, nor what was thought of it.
    own = case["merged_into"] is None or case["reopened"] > 0
    return {"rejected_why": None, "merged_into": None, **({} if own else dict.fromkeys(_OF_AN_ANSWER))}


def _kinds(case: Row, event: ComplaintFiled | Classified | Supplemented) -> dict[str, Any]:
    return known_after(case, event, (*_KINDS, "privacy"))


def _counted(case: Row, event: DossierEvent) -> dict[str, Any]:
    if isinstance(event, Rated):
        return {"rating": event.score, "elements": list(event.elements) or None}
    name = f"returned_{event.why}" if isinstance(event, Returned) else _COUNTS[type(event)]
    return {name: case[name] + 1}


def _answered(case: Row, event: DossierEvent) -> dict[str, Any]:
    """First and total resolution are two figures: the first final answer, and the last one after a reopening."""
    if isinstance(event, AnswerDelivered):
        first = event.answer == case["answer"] and case["delivered_at"] is None
        return {"delivered_at": event.occurred_at, "delivered_by": event.by} if first else {}
    if isinstance(event, DeliveryFailed) and event.answer == case["answer"]:  # what a carrier had taken came back
        return {"delivered_at": None, "delivered_by": None}
    if not isinstance(event, Answered) or event.kind == "balasan":
        return {}
    if event.kind != "final":
        return {"interims": case["interims"] + 1}
    if case["answered_at"] is not None:
        return {"last_answered_at": event.occurred_at}
    return {
        "answer": event.originator_version,
        "answered_at": event.occurred_at,
        "last_answered_at": event.occurred_at,
    }


def _standard(case: Row, event: DossierEvent) -> dict[str, Any]:
    """What became of the first case clock. Late is what ended late or was seen to be late, whichever is told first."""
    if case["case_met"] is None:
        if event.case_late_seconds is not None:
            return {"case_met": event.case_late_seconds == 0, "case_late_seconds": event.case_late_seconds}
        if isinstance(event, ClockBreached) and event.target == CASE:
            return {"case_met": False}
        if event.case is not None:
            return {"case_due_at": event.case.due_at}
    elif case["case_late_seconds"] is None and event.case_late_seconds is not None:
        return {"case_late_seconds": event.case_late_seconds}
    return {}


_Part: TypeAlias = Callable[[dict[str, Any], Any], Mapping[str, Any]]
_PARTS: tuple[tuple[tuple[type[DossierEvent], ...], _Part], ...] = (
    ((ComplaintFiled, Classified, Supplemented), _kinds),
    ((Rated, Returned, *_COUNTS), _counted),
    ((AnswerDelivered, DeliveryFailed, Answered), _answered),
    ((MemberJoined, MemberLeft, Rejected, Merged, Reinstated), _grouped),
    (CONCERNED, publication_after),
)
"""Which events concern which part of a case; most of them most parts not at all."""
_PARTS_OF: dict[type[DossierEvent], tuple[_Part, ...]] = {
    kind: tuple(part for concerned, part in _PARTS if issubclass(kind, concerned)) for kind in EVENT_TYPES.values()
}
