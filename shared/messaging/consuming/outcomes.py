"""What became of a message."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Accepted:
    """It is done.

    :param reply: sent as JSON to whom the message names in ``reply_to``, if it names anybody.
    """

    reply: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class PutAside:
    """The receiver has looked at it and will not do it: it is put aside with the reason, and no sign of a fault.

    :param reason_code: stable name of the reason.
    :param fields: messages by the field at fault.
    :param reply: as for :class:`Accepted`.
    """

    reason_code: str
    fields: Mapping[str, Sequence[str]] = field(default_factory=dict)
    reply: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Unusable:
    """Nothing could be read from it that is of use: it is put aside, and says nothing about us.

    :param reason_code: ``malformed``, ``not_in_log``, or what was wrong with it.
    :param error: see :func:`shared.messaging.wire.failures.describe`.
    """

    reason_code: str
    error: str = ""


@dataclass(frozen=True)
class Failed:
    """It could not be done, however often it was tried: it is put aside, and the fault may be ours.

    :param reason_code: ``failed``, or ``deadly`` for one that has ended the process of whoever took it.
    :param error: see :func:`shared.messaging.wire.failures.describe`.
    """

    reason_code: str
    error: str


Outcome = Accepted | PutAside | Unusable | Failed
