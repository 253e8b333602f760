"""What the reporter was told, and what they were not: nothing that they do not know of can run out against them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from shared.domain.dossier.event import DossierEvent, SaidByReporter
from shared.domain.dossier.event_name import EventName
from shared.domain.dossier.telling import AnswerDelivered, DeliveryFailed, NoticeDelivered

ANSWERED: Final[EventName] = "Answered"
RETURNED: Final[EventName] = "Returned"
FILED: Final[EventName] = "ComplaintFiled"
BY_IMPORT: Final = "import"
"""The user of filings from a table: nobody was shown a receipt then."""

NOTICES: Final[frozenset[EventName]] = frozenset(
    {
        FILED,
        RETURNED,
        "Transferred",
        "Rejected",
        "Merged",
        "Withdrawn",
        "Lapsed",
        "Closed",
        "Reinstated",
        "DataAnswered",
    }
)
"""Types of events that are no answer, and that a reporter must know of: a right of theirs depends on each."""


@dataclass(frozen=True)
class Reaching:
    """Versions of the events that the reporter was told of, and of those that could not be brought to them.

    :param told: by somebody's word: a carrier's, an officer's, or the reporter's own, by opening it with the code.
    :param failed: in the order in which it was tried.
    """

    told: frozenset[int] = field(default_factory=frozenset)
    failed: tuple[int, ...] = ()

    def after(self, event: DossierEvent) -> "Reaching":
        """With one more event."""
        if isinstance(event, DeliveryFailed):
            rest = tuple(version for version in self.failed if version != event.answer)
            return Reaching(self.told - {event.answer}, (*rest, event.answer))
        version = told_of(event)
        if version is None:
            return self
        return Reaching(self.told | {version}, tuple(failed for failed in self.failed if failed != version))


def must_be_told(event: DossierEvent) -> bool:
    """Whether a right of the reporter's depends on their knowing of an event.

    Of returns only those to the reporter: what desks return to one another is theirs.
    """
    if event.type == RETURNED:
        return event.status == "returned"
    return event.type == ANSWERED or event.type in NOTICES


def knows_already(event: DossierEvent) -> bool:
    """Whether the reporter knows of an event without being told: they did it, or were shown it there and then."""
    if event.type == FILED:
        return event.user != BY_IMPORT
    return isinstance(event, SaidByReporter) or getattr(event, "by", None) == "reporter"


def told_of(event: DossierEvent) -> int | None:
    """The version of the event that this one says the reporter was told of; none if it says no such thing."""
    if isinstance(event, AnswerDelivered):
        return event.answer
    return event.notice if isinstance(event, NoticeDelivered) else None


def reached(events: Iterable[DossierEvent]) -> Reaching:
    """What a dossier's reporter was told, by its whole history."""
    reaching = Reaching()
    for event in events:
        reaching = reaching.after(event)
    return reaching
