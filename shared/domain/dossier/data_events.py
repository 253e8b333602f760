"""What a reporter may ask about their own data: a copy of it, or that it be put right; and how that is answered.

Source: Law 27/2022 on personal data: a copy within 3 x 24 hours (Art. 32), a correction within as many (Art. 30), by
the wall clock. What is to be erased is asked for and agreed to elsewhere (:mod:`shared.application.identity.erasures`).
"""

from dataclasses import dataclass
from typing import Final, Literal

from shared.domain.dossier.event import DossierEvent
from shared.domain.dossier.promise import Promise

DataKind = Literal["access", "correction"]
DataOutcome = Literal["done", "refused"]
DATA_KINDS: Final[tuple[DataKind, ...]] = ("access", "correction")
DATA_OUTCOMES: Final[tuple[DataOutcome, ...]] = ("done", "refused")


@dataclass(frozen=True, kw_only=True)
class DataAsked(DossierEvent):
    """The reporter asks for a copy of their data, or to have it put right. Sealed: text.

    :param data: the clock of it, and who has to answer; its ``target`` is ``data``.
    """

    kind: DataKind
    data: Promise


@dataclass(frozen=True, kw_only=True)
class DataAnswered(DossierEvent):
    """A desk answers such a request. Sealed: text, and of a correction ``reporter``: what holds from now on.

    :param asked: version of the ``DataAsked`` event.
    :param answered_late_seconds: how long after the 3 x 24 hours; 0 if in time.
    :param filled: required fields that the complaint lacked until what was put right gave them.
    """

    asked: int
    kind: DataKind
    outcome: DataOutcome
    answered_late_seconds: int = 0
    filled: tuple[str, ...] = ()
