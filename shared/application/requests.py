"""The same request once more: one key, one effect, one answer.

Whoever does not hear whether a request was carried out sends it again with the same ``Idempotency-Key``. The event that
a request brings about bears the request's mark in ``causation_id``, so the key is kept by the very append that is its
effect, and the dossier itself shows what was already done. A filing's dossier follows from its key: two of them cannot
both be appended.

A mark is made with a secret: the key that somebody chose and what they asked cannot be told from it, nor tried out.
"""

import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid5

from shared.application.runtime import Runtime
from shared.base.correlation import correlation_id
from shared.base.errors import Invalid
from shared.domain.dossier.desk import Cause
from shared.domain.dossier.events import DossierEvent
from shared.platform.purposes import Lasting

PUBLIC: Final = "public"
"""Who asks without saying who: whoever knows the key, and asks for the very same."""

_PREFIX: Final = "request:"
_NAMESPACE: Final = UUID("c2b0f9a1-0b0e-5d2c-8f43-6a6d1c2f7e55")
_KEY_DIGITS: Final = 32
_CONTENT_DIGITS: Final = 16


@dataclass(frozen=True)
class Mark:
    """The mark of a request.

    :param key: of tenant, caller and key; the same for every request with that key.
    :param content: of what was asked.
    """

    key: str
    content: str

    def __str__(self) -> str:
        return f"{_PREFIX}{self.key}.{self.content}"

    @classmethod
    def of(cls, causation_id: str | None) -> "Mark | None":
        """The mark in an event's or a cause's ``causation_id``, if one is there."""
        if causation_id is None or not causation_id.startswith(_PREFIX):
            return None
        key, _, content = causation_id.removeprefix(_PREFIX).partition(".")
        return cls(key, content)

    def is_repeated_by(self, other: "Mark | None") -> bool:
        """Whether another request is this one again.

        :raises Invalid: if it has the same key and asks for something else (``key_reused``).
        """
        if other is None or other.key != self.key:
            return False
        if other.content != self.content:
            raise Invalid("key_reused", fields={"Idempotency-Key": ["key_reused"]})
        return True


def mark_of(runtime: Runtime, tenant: str, who: Sequence[str | None], key: str, content: Any) -> str | None:
    """A request's mark, for the ``causation_id`` of what it brings about.

    :param who: who asks; somebody else's request with the same key is another request.
    :param key: as the caller chose it; without one there is no mark.
    :param content: all that is asked, as JSON.
    """
    if not key:
        return None
    secret = runtime.key(Lasting.REQUESTS)
    named = _digest(secret, ["key", tenant, *who, key])[:_KEY_DIGITS]
    return str(Mark(named, _digest(secret, ["content", tenant, *who, key, content])[:_CONTENT_DIGITS]))


def cause_of(runtime: Runtime, given: object, mark: str | None = None) -> Cause:
    """The cause of what a call brings about.

    :param given: the caller's own id of the request, which goes into the log for ever and so is taken only where it can
        hold nothing personal (see :func:`shared.base.correlation.correlation_id`).
    :param mark: of the request, if it has one.
    """
    return Cause(correlation_id=correlation_id(given, runtime.randomness), causation_id=mark)


def dossier_of(causation_id: str | None) -> UUID | None:
    """The dossier of a filing that was asked for by a marked request: the same for the same key."""
    mark = Mark.of(causation_id)
    return None if mark is None else uuid5(_NAMESPACE, mark.key)


def done_before(events: Sequence[DossierEvent], causation_id: str | None) -> int | None:
    """The version of a dossier at which a request had been carried out, if it was.

    :param causation_id: of the request's cause.
    :raises Invalid: if its key was used there for something else.
    """
    mark = Mark.of(causation_id)
    if mark is None:
        return None
    done = [event.originator_version for event in events if mark.is_repeated_by(Mark.of(event.causation_id))]
    return max(done, default=None)


def _digest(secret: bytes, said: list[Any]) -> str:
    return hmac.digest(secret, json.dumps(said, sort_keys=True, default=str).encode(), "sha256").hex()
