"""Receipts: what a reporter is handed for a complaint, and how a repeated one finds its first."""

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final
from uuid import UUID, uuid5

from shared.domain.dossier.events import ComplaintFiled
from shared.platform.secret import derive

_NAMESPACE = UUID("6f1a1f3c-51b7-5a52-9d3c-1b7c0f0a9d11")
_PUBLIC: Final = "aduan public filings 1"


@dataclass(frozen=True)
class Receipt:
    """What the reporter keeps.

    :param tracking_code: the secret with which the ticket is followed.
    :param created: false when the same submission had been filed before.
    :param position: the place of the filing in the log.
    :param request: the mark of the request by which it was filed, see :mod:`shared.application.requests`.
    """

    id: UUID
    ticket: str
    tracking_code: str
    status: str
    step: str | None
    created: bool
    position: int
    request: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "id": str(self.id),
            "ticket": self.ticket,
            "tracking_code": self.tracking_code,
            "status": self.status,
            "step": self.step,
            "created": self.created,
            "position": self.position,
        }


def receipt_for(filed: ComplaintFiled, code: str, *, created: bool, position: int) -> Receipt:
    """The receipt of a filing: the same whenever it is asked for."""
    return Receipt(
        id=filed.originator_id,
        ticket=filed.ticket,
        tracking_code=code,
        status=filed.status,
        step=filed.promise.step if filed.promise else None,
        created=created,
        position=position,
        request=filed.causation_id,
    )


def receipt_of(filed: ComplaintFiled, code: str, *, position: int) -> Receipt:
    """The receipt of an earlier filing.

    :param code: the one that holds now, since a renewed one ends the first; blank if its key is gone.
    """
    return receipt_for(filed, code, created=False, position=position)


@lru_cache(4)
def _public_key(secret: str) -> bytes:
    return derive(secret, _PUBLIC)


def known_sender_id(tenant: str, channel: str, external_id: str, agency: str | None = None) -> UUID:
    """The dossier of a known sender's submission: the same channel and external id always give the same.

    So an adapter that repeats a message, or a table imported again, files nothing twice.

    :param agency: of an agency's officer: an agency's numbers are its own, since it may not know every reporter.
    """
    sender = tenant if agency is None else f"{tenant}\nagency {agency}"
    return uuid5(_NAMESPACE, f"{sender}\n{channel}\n{external_id}")


def public_id(secret: str, tenant: str, complaint: Mapping[str, Any]) -> UUID:
    """The dossier of what anybody may send: only the very same complaint once more gives the same.

    Apart from every known sender's, whatever channel and external id are claimed. The id stands in the log and outlives
    an erasure, so it is made with a secret: nobody can try out by it what a complaint may have said.

    :param secret: the installation's master key.
    :param complaint: as it was loaded.
    """
    said = json.dumps([tenant, "public", complaint], sort_keys=True).encode()
    return uuid5(_NAMESPACE, "public\n" + hmac.digest(_public_key(secret), said, "sha256").hex())
