"""The inbox's order: what stands before and after a task, as its page shows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from portal.access import caller, inbox_of
from portal.pages.frame import saying
from portal.pages.frame.page import instant_at
from portal.pages.frame.time_left import Running, TimeLeft, time_left
from portal.pages.officer.own_choices import NEXT, ONWARD
from portal.pages.officer.words import choice_words, mark_of, role_words, task_words
from portal.parts import parts
from shared.base.errors import AduanError
from shared.domain.sop.model import Sop, Step
from shared.domain.sop.vocabulary import SYSTEM
from shared.domain.tenants import Tenant

GROUPS: Final = ("late", "soon", "today", "later", "still", "none")


@dataclass(frozen=True)
class Beside:
    """A further task of a row's dossier at the same desk.

    :param printed: its step's number, as the document prints it.
    """

    task: str
    printed: str | None
    left: TimeLeft


@dataclass(frozen=True)
class Row:
    """One dossier at one desk, by the most urgent of the tasks that it is there.

    :param keys: by which a page knows its tasks again, without saying what they are.
    :param dossier: its dossier's id.
    :param told: by which channel it came, and where it is about.
    :param giver: who brought it to the desk; none for a task that nobody handed on.
    :param mark: of a reporter who is not to be named.
    :param wrong_agency: whether an office once returned it as not its own.
    :param decides: whether whoever holds it sends the complaint on to an agency.
    """

    ticket: str
    title: str
    task: str
    printed: str | None
    office: str | None
    since: str
    left: TimeLeft
    group: str
    actor: str
    keys: tuple[str, ...]
    dossier: str
    decides: bool
    told: str
    giver: str | None
    mark: str | None
    wrong_agency: bool
    also: tuple[Beside, ...]


@dataclass(frozen=True)
class Waiting:
    """One row in the order of the inbox, without words: what is asked again and again by pages that are open.

    :param keys: as of :class:`Row`.
    """

    ticket: str
    group: str
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Neighbours:
    """Where a dossier stands in its reader's inbox.

    :param place: from 1.
    :param of: how many there are; beyond the first page ``200+``.
    :param before: the ticket before it, if there is one.
    """

    place: int
    of: str
    before: str | None
    after: str | None


def row_of(item: Mapping[str, Any], home: Tenant, now: datetime) -> Row:
    """A task as the inbox shows it, with what else its dossier is to the same desk."""
    sop, also = home.sop, item.get("also", ())
    return Row(
        item["ticket"],
        item["title"],
        task_words(item, sop),
        _printed(item, sop),
        home.agency_name(item["agency"]),
        saying.brief(instant_at(item["since"], home), now),
        _left(item, home, now),
        _group(item, home, now),
        sop.actor(item["actor"]).title,
        _keys(item),
        item["id"],
        any(_decides(each, sop) for each in (item, *also)),
        ", ".join(filter(None, (choice_words(item.get("channel") or ""), item.get("kecamatan")))),
        _giver(item, home),
        mark_of(item.get("privacy") or ""),
        item.get("wrong_agency", False),  # services of the version before do not say it
        tuple(Beside(task_words(each, sop), _printed(each, sop), _left(each, home, now)) for each in also),
    )


def outline(tenant: str, home: Tenant, now: datetime) -> tuple[list[Waiting], bool]:
    """The reader's own tasks in the order of the inbox, without what was written; and whether there are more."""
    found = _outlined(tenant, home)
    rows = [Waiting(item["ticket"], _group(item, home, now), _keys(item)) for item in found["items"]]
    return [row for group in GROUPS for row in rows if row.group == group], bool(found["more"])


def neighbours(tenant: str, ticket: str, home: Tenant) -> Neighbours | None:
    """What stands before and after a dossier; none where it does not wait for its reader.

    A page of a dossier is shown without it where the inbox cannot be asked.
    """
    try:
        found = _outlined(tenant, home)
    except AduanError:
        return None
    tickets = list(dict.fromkeys(item["ticket"] for item in found["items"]))  # the groups' order is the service's too
    if ticket not in tickets:
        return None
    at = tickets.index(ticket)
    return Neighbours(
        at + 1,
        f"{len(tickets)}+" if found["more"] else str(len(tickets)),
        tickets[at - 1] if at else None,
        tickets[at + 1] if at + 1 < len(tickets) else None,
    )


def following(tenant: str, ticket: str, home: Tenant) -> str | None:
    """The task after a dossier in the inbox, for an officer who goes on by it; none for any other."""
    around = neighbours(tenant, ticket, home) if ONWARD.chosen() == NEXT else None
    return around.after if around is not None else None


def _outlined(tenant: str, home: Tenant) -> dict[str, Any]:
    """The reader's own tasks, as the service tells them without what was written."""
    agency, actor = inbox_of(caller(), home, None, None)
    return parts().gateway.outline(tenant, agency=agency, actor=actor, caller=caller())


def _giver(item: Mapping[str, Any], home: Tenant) -> str | None:
    """Who handed a task on: not for what the system found, such as a reporter who cannot be reached."""
    actor = item.get("from_actor")
    return role_words({"actor": actor, "agency": item["from_agency"]}, home) if actor not in (None, SYSTEM) else None


def _step_of(item: Mapping[str, Any], sop: Sop) -> Step | None:
    """The step that a task is; none for what lies beside the steps."""
    return sop.step(item["step"]) if item["step"] and item["task"] == "step" else None


def _printed(item: Mapping[str, Any], sop: Sop) -> str | None:
    step = _step_of(item, sop)
    return step.printed if step else None


def _decides(item: Mapping[str, Any], sop: Sop) -> bool:
    step = _step_of(item, sop)
    return step is not None and any(action.event == "Dispositioned" for action in step.actions)


def _left(item: Mapping[str, Any], home: Tenant, now: datetime) -> TimeLeft:
    step = _step_of(item, home.sop)
    running = Running(
        due=instant_at(item["due_at"], home) if item["due_at"] else None,
        warn=instant_at(item["since"], home) if item["state"] == "warned" else None,
        within=step.within if step else None,
        stands=item["state"] == "paused",
    )
    return time_left(running, now, home.calendar)


def _keys(item: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(f"{each['id'][:8]}{each['task'][0]}{each['task_version']}" for each in (item, *item.get("also", ())))


def _group(item: Mapping[str, Any], home: Tenant, now: datetime) -> str:
    """Where a task stands in :data:`GROUPS`, as :func:`portal.pages.frame.time_left.time_left` judges its time."""
    if item["state"] == "paused":
        return "still"
    if item["due_at"] is None:
        return "none"
    due = instant_at(item["due_at"], home)
    if now > due:
        return "late"
    if item["state"] == "warned":
        return "soon"
    return "today" if due.date() == now.date() else "later"
