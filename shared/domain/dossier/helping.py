"""Another agency's part in a complaint: the leading one answers, the helping one has a task and a clock of its own."""

from dataclasses import dataclass

from shared.domain.dossier.event import DossierEvent
from shared.domain.dossier.promise import Promise


@dataclass(frozen=True, kw_only=True)
class HelpAsked(DossierEvent):
    """An agency was asked for its part. Sealed: note.

    :param to_agency: the helping agency.
    :param help: the clock of its part, and who has the task; its ``target`` is ``help``.
    """

    to_agency: str
    help: Promise


@dataclass(frozen=True, kw_only=True)
class HelpGiven(DossierEvent):
    """A helping agency did its part. Sealed: response.

    :param part: version of the ``HelpAsked`` event.
    """

    part: int


@dataclass(frozen=True, kw_only=True)
class HelpCancelled(DossierEvent):
    """A part is no longer asked for, or the helping agency says that it is none of its business. Sealed: reason.

    :param part: version of the ``HelpAsked`` event.
    """

    part: int
