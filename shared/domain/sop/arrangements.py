"""What an office arranges beside the steps: leave to take longer, another agency's help, and the reporter's word."""

from dataclasses import dataclass

from shared.domain.calendar.duration import Duration
from shared.domain.sop.vocabulary import LeaveWhy, Via


@dataclass(frozen=True, kw_only=True)
class LeaveKind:
    """One way of taking longer.

    :param why: the reasons for which it may be asked.
    :param most: the longest that may be given.
    """

    why: tuple[LeaveWhy, ...]
    most: Duration


@dataclass(frozen=True, kw_only=True)
class Leave:
    """Leave to take longer: asked for by a desk, given by another.

    :param asked_by: the actors who may ask.
    :param granted_by: the actor who gives or refuses it.
    :param pause: the step's clock stands still; none where the SOP knows no pause.
    :param extension: the step's due time is put off; none where the SOP knows no extension.
    :param source: where the rule comes from, if not from the SOP's own document.
    :param confirmed: whether the government has confirmed it.
    """

    asked_by: tuple[str, ...]
    granted_by: str
    pause: LeaveKind | None = None
    extension: LeaveKind | None = None
    source: str | None = None
    confirmed: bool = False


@dataclass(frozen=True, kw_only=True)
class Help:
    """Another agency's part in a complaint.

    :param asked_by: the actors who may ask for it.
    :param given_by: the actor of the helping agency whose task it is.
    :param within: the time for a part; none where nobody can be late with it.
    :param source: as in :class:`Leave`.
    :param confirmed: as in :class:`Leave`.
    """

    asked_by: tuple[str, ...]
    given_by: str
    within: Duration | None = None
    source: str | None = None
    confirmed: bool = False


@dataclass(frozen=True, kw_only=True)
class OnBehalf:
    """What a reporter tells an officer by telephone or at the counter, the officer may record.

    :param by: the actors who may record it.
    :param via: the ways in which it may have been told.
    :param source: as in :class:`Leave`.
    :param confirmed: as in :class:`Leave`.
    """

    by: tuple[str, ...]
    via: tuple[Via, ...]
    source: str | None = None
    confirmed: bool = False
