"""Versions of a procedure that were approved elsewhere than in a government's files."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class ApprovedSop:
    """A version that was approved.

    :param text: as ``sop.yaml`` has it; never changed, since dossiers name the version.
    :param counts_from: complaints filed from then on are filed under it, unless a higher version counts.
    """

    version: int
    text: str
    counts_from: datetime


@dataclass(frozen=True)
class Procedures:
    """What a government has approved.

    :param approved: from the lowest version to the highest.
    :param in_force: the highest whose instant has come; 0 if none has.
    """

    approved: tuple[ApprovedSop, ...] = ()
    in_force: int = 0


Approved = Callable[[str], Procedures]
"""What a government has approved, by its name: the very same answer while nothing is new."""
ApprovedText = Callable[[str, int], str | None]
"""The text of an approved version, by the government's name and its number, looked up at once; none if none is."""
_NONE = Procedures()


def none_approved(tenant_id: str) -> Procedures:
    """Only the files count."""
    del tenant_id
    return _NONE


def no_text(tenant_id: str, version: int) -> str | None:
    """Only the files count."""
    del tenant_id, version
    return None
