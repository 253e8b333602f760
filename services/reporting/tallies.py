"""The sums that a recap is read from, and what one complaint contributes to them.

They are kept for each government, month of filing and agency. What changes with the mere passing of time, the time in
the hands of whoever holds a dossier now, is in none of them: it is counted when it is asked for.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any, Final

from services.reporting.publications import PUBLISHED
from shared.domain.dossier.beside import NOT_PUBLIC
from shared.domain.sop.vocabulary import Status
from shared.store.projection.projection import Row
from shared.store.projection.tally import Contribution, Tally

NOBODY: Final = ""
"""Stands in a key for what is not known: no agency, no category."""

KINDS: Final = ("status", "category", "channel", "kecamatan", "classification")
"""By what complaints are told apart, besides the agency."""
REJECTED: Final = "rejected"
SCORE: Final = "score"
ELEMENT: Final = "element"

STATE: Final = (
    "filed",
    "answered",
    "open",
    "lapsed",
    "withdrawn",
    "rejected",
    "merged",
    "closed_unanswered",
)
"""The complaints of a month, and the parts that they fall into by what they are now."""
CASES: Final = Tally(
    schema="reporting",
    name="month_cases",
    key=("tenant", "month", "agency"),
    counts=(
        *STATE,
        "ever_answered",
        "groups",
        "grouped",
        "transferred",
        "not_reached",
        "reopened",
        "delivered",
        "delivery_failures",
        "interim_answers",
        "cases_with_interim",
        "dispositions",
        "incomplete",
        "wrong_agency",
        "out_of_authority",
        "rework",
        "supplements",
        "replies",
        "met",
        "missed",
        "steps_met",
        "steps_missed",
        "first_micros",
        "last_micros",
        "first_working",
        "last_working",
        "asked",
        "ratings",
        "rating_sum",
        "surveys",
        # Over everything that medians depend on: another set of answered complaints has another sum.
        "fingerprint",
    ),
)
GROUPS: Final = Tally(
    schema="reporting",
    name="month_groups",
    key=("tenant", "month", "agency", "kind", "value"),
    counts=("filed", "answered", "met", "missed"),
)
HANDS: Final = Tally(
    schema="reporting",
    name="month_hands",
    key=("tenant", "month", "part", "agency", "name"),
    counts=(
        "held",
        "holding",
        "seconds",
        "working_seconds",
        "breached",
        "own_breached",
        "imposed_breached",
        "own_late_seconds",
        "imposed_late_seconds",
        "caused",
        "caused_seconds",
        "caused_late_seconds",
    ),
)
PUBLIC: Final = Tally(
    schema="reporting",
    name="month_public",
    key=("tenant", "month", "agency", "category", "kecamatan"),
    counts=("published",),
)
"""How many complaints everybody may read a summary of."""
HOLDER: Final = "holder"
STEP: Final = "step"

_ENDED: Final[tuple[Status, ...]] = ("lapsed", "withdrawn", "rejected", "merged")
_OPEN: Final[tuple[Status, ...]] = ("in_progress", "returned", "transferred")
_MICROSECOND: Final = timedelta(microseconds=1)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_FINGERPRINT_BYTES: Final = 5


def parts_of(case: Row, holdings: Sequence[Row]) -> Iterator[Contribution]:
    """What a complaint contributes."""
    yield from _of_case(case, holdings)
    for holding in holdings:
        yield from _hands(holding)


def _of_case(case: Row, holdings: Sequence[Row]) -> Iterator[Contribution]:
    key = (case["tenant"], case["month"], case["agency"] or NOBODY)
    counts = _counts(case, holdings)
    yield CASES.name, key, [int(counts.get(name, 0)) for name in CASES.counts]
    of_group = (1, case["answered_at"] is not None, case["case_met"] is True, case["case_met"] is False)
    for kind in KINDS:
        yield GROUPS.name, (*key, kind, case[kind] or NOBODY), of_group
    if is_public(case):
        yield PUBLIC.name, (*key, case["category"] or NOBODY, case["kecamatan"] or NOBODY), (1,)
    if case["rejected_why"] is not None:
        yield GROUPS.name, (*key, REJECTED, case["rejected_why"]), (1, 0, 0, 0)
    if case["rating"] is not None:
        yield GROUPS.name, (*key, SCORE, str(case["rating"])), (1, 0, 0, 0)
    for place, score in enumerate(case["elements"] or ()):
        yield GROUPS.name, (*key, ELEMENT, f"{place}:{score}"), (1, 0, 0, 0)


def is_public(case: Row) -> bool:
    """Whether everybody may read a summary of it, as the list of those asks the table (``published.py``)."""
    shown = case["publication"] == PUBLISHED and case["public_text"] is not None
    return shown and case["privacy"] != "secret" and case["status"] not in NOT_PUBLIC


def _counts(case: Row, holdings: Sequence[Row]) -> dict[str, Any]:
    status, answered_at = case["status"], case["answered_at"]
    late = _any_late(holdings)
    return {
        "filed": 1,
        "answered": status == "answered" or (status == "closed" and answered_at is not None),
        "open": status in _OPEN,
        **{name: status == name for name in _ENDED},
        "closed_unanswered": status == "closed" and answered_at is None,
        "groups": case["members"] > 0,
        "grouped": case["members"] + 1 if case["members"] > 0 else 0,
        "transferred": case["transfers"] > 0,
        "reopened": case["reopened"] > 0,
        "delivered": case["delivered_at"] is not None,
        **{name: case[name] for name in ("delivery_failures", "dispositions", "supplements", "replies")},
        "interim_answers": case["interims"],
        "cases_with_interim": case["interims"] > 0,
        **{why: case[f"returned_{why}"] for why in ("incomplete", "wrong_agency", "out_of_authority", "rework")},
        "met": case["case_met"] is True,
        "missed": case["case_met"] is False,
        "steps_met": case["steps_met"] is True,
        "steps_missed": case["steps_met"] is False or (case["steps_met"] is None and late),
        "ratings": case["rating"] is not None,
        "rating_sum": case["rating"] or 0,
        "surveys": case["elements"] is not None,
        **(_answered(case, answered_at) if answered_at is not None else {}),
    }


def _answered(case: Row, answered_at: datetime) -> dict[str, Any]:
    told = case["delivered_at"] is not None
    return {
        "ever_answered": 1,
        "not_reached": not told,
        "asked": told,
        "first_micros": (answered_at - case["filed_at"]) // _MICROSECOND,
        "last_micros": (case["last_answered_at"] - case["filed_at"]) // _MICROSECOND,
        "first_working": case["first_working"] or 0,
        "last_working": case["last_working"] or 0,
        "fingerprint": _fingerprint(case),
    }


def _fingerprint(case: Row) -> int:
    """A number for all that medians depend on, the same wherever the row comes from."""
    instants = [(case[name] - _EPOCH) // _MICROSECOND for name in ("filed_at", "answered_at", "last_answered_at")]
    told = repr([*instants, *(case[name] for name in ("first_working", "last_working", "agency", *KINDS))])
    return int.from_bytes(blake2b(told.encode(), digest_size=_FINGERPRINT_BYTES).digest())


def _hands(holding: Row) -> Iterator[Contribution]:
    tenant, month = holding["tenant"], holding["month"]
    breached, imposed, late = holding["breached"], holding["imposed"], holding["late_seconds"] or 0
    ended = holding["until"] is not None
    seconds = held_seconds(holding["since"], holding["until"]) if ended else 0
    counts = (
        1,
        not ended,
        seconds,
        holding["working_seconds"] or 0,
        breached,
        breached and not imposed,
        breached and imposed,
        0 if imposed else late,
        late if imposed else 0,
        0,
        0,
        0,
    )
    yield HANDS.name, (tenant, month, HOLDER, holding["agency"] or NOBODY, holding["actor"]), counts
    yield HANDS.name, (tenant, month, STEP, NOBODY, holding["step"]), counts
    if imposed:
        charged = (tenant, month, HOLDER, holding["charged_agency"] or NOBODY, holding["charged_actor"])
        yield HANDS.name, charged, (*([0] * 9), 1, seconds, late)


def held_seconds(since: datetime, until: datetime) -> int:
    """Whole seconds of a holding."""
    return max(0, round((until - since).total_seconds()))


TALLIES: Final = (CASES, GROUPS, HANDS, PUBLIC)


def counted(cases: Iterable[Row], holdings: Sequence[Row]) -> Iterator[Contribution]:
    """What a dossier's rows contribute."""
    for case in cases:
        yield from parts_of(case, holdings)


def changed(
    before: tuple[Sequence[Row], Sequence[Row]], after: tuple[Sequence[Row], Sequence[Row]]
) -> Iterator[tuple[int, Contribution]]:
    """What a dossier contributes more (1) and less (-1) than before. Most of its holdings are as they were.

    :param before: its case, if there was one, and its holdings.
    :param after: the same now.
    """
    if before[0] != after[0] or _any_late(before[1]) != _any_late(after[1]):
        for sign, (cases, holdings) in ((-1, before), (1, after)):
            for case in cases:
                yield from ((sign, part) for part in _of_case(case, holdings))
    known = {holding["version"]: holding for holding in before[1]}
    for holding in after[1]:
        old = known.pop(holding["version"], None)
        if old is not holding:
            if old is not None:
                yield from ((-1, part) for part in _hands(old))
            yield from ((1, part) for part in _hands(holding))
    for old in known.values():
        yield from ((-1, part) for part in _hands(old))


def _any_late(holdings: Iterable[Row]) -> bool:
    return any(holding["breached"] for holding in holdings)
