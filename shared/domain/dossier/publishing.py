"""What is written beside a case: notes among colleagues, and what the public is to read of it.

Nothing of what a reporter or a desk wrote is published by itself. An officer writes a summary, somebody else, the
coordinator, looks at it and publishes it, or gives it back.
"""

from dataclasses import dataclass

from shared.domain.dossier.event import DossierEvent


@dataclass(frozen=True, kw_only=True)
class Noted(DossierEvent):
    """An officer left a note for whoever may read the dossier; never told to the reporter. Sealed: note."""


@dataclass(frozen=True, kw_only=True)
class SummaryWritten(DossierEvent):
    """An officer wrote what the public may read. Not public yet. Sealed: summary, public_answer."""


@dataclass(frozen=True, kw_only=True)
class SummaryGivenBack(DossierEvent):
    """Whoever publishes did not take it. Sealed: reason.

    :param summary: the version of what was written.
    """

    summary: int


@dataclass(frozen=True, kw_only=True)
class Published(DossierEvent):
    """Everybody may read the summary from now on. Sealed: summary, public_answer, as they were written.

    :param summary: the version of what was written, by somebody else.
    """

    summary: int


@dataclass(frozen=True, kw_only=True)
class Unpublished(DossierEvent):
    """It is public no longer. Sealed: reason.

    :param summary: the version of what had been written.
    """

    summary: int
