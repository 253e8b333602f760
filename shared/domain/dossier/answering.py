"""The answer, what its reporter makes of it, and the end."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from shared.domain.dossier.event import DossierEvent, SaidByReporter
from shared.domain.sop.vocabulary import AnswerKind, Via


@dataclass(frozen=True, kw_only=True)
class Answered(DossierEvent):
    """The reporter was answered. Sealed: text.

    :param kind: ``interim``, ``final``, or ``balasan``: a word back to a reporter who replied to the final answer.
    :param leader: the dossier whose answer this is, on a duplicate that was merged into it.
    """

    kind: AnswerKind
    leader: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Replied(SaidByReporter):
    """The reporter wrote back. Sealed: text."""


@dataclass(frozen=True, kw_only=True)
class Added(DossierEvent):
    """The reporter added something to a complaint that waits for nothing of them: it moves nothing. Sealed: message.

    :param task_for: the actor who is to reach them, where they ask for a person; the task is done when they were told.
    :param member: the duplicate whose reporter said it, where it stands in the complaint into which that was merged.
    :param said_in: the version of the event of ``member`` that holds the words: under its own key, so that they end
        with it.
    """

    task_for: str | None = None
    member: UUID | None = None
    said_in: int | None = None


@dataclass(frozen=True, kw_only=True)
class Reopened(SaidByReporter):
    """The reporter was not content with the answer. Sealed: reason."""


@dataclass(frozen=True, kw_only=True)
class Rated(SaidByReporter):
    """The reporter rated the handling. Sealed: comment.

    :param score: 1 (poor) to 5 (excellent).
    :param elements: the nine elements of PermenPANRB 14/2017, each 1 to 4, where the tenant asks them; none answered
        is 0.
    """

    score: int
    elements: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Closed(DossierEvent):
    """Nothing more is expected.

    :param via: the way in which the reporter told an officer that the matter is solved; none where they said it
        themselves, or where a time-out closed.
    """

    by: Literal["timeout", "reporter"]
    via: Via | None = None
