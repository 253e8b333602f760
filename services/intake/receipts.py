"""Receipts: what a reporter is handed for a complaint, and how a repeated one finds its first."""

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid5

from shared.base.caller import REPORTER
from shared.domain.dossier.events import ComplaintFiled, DossierEvent

_NAMESPACE = UUID("6f1a1f3c-51b7-5a52-9d3c-1b7c0f0a9d11")


@dataclass(frozen=True)
class Receipt:
    """What the reporter keeps.

    :param tracking_code: the secret with which the ticket is followed.
    :param created: false when the same submission had been filed before.
    :param position: the place of the filing in the log.
    :param request: the mark of the request by which it was filed, see :mod:`shared.application.requests`.
    :param handed_to: the account and role to which the code was handed, with the filing or when it was renewed.
    """

    id: UUID
    ticket: str
    tracking_code: str
    status: str
    step: str | None
    created: bool
    position: int
    request: str | None = None
    handed_to: tuple[str, str] | None = None

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


def receipt_for(
    filed: ComplaintFiled, code: str, *, created: bool, position: int, given: DossierEvent | None = None
) -> Receipt:
    """The receipt of a filing: the same whenever it is asked for.

    :param given: the event that gave the code, if it is not the filing.
    """
    by = given or filed
    return Receipt(
        id=filed.originator_id,
        ticket=filed.ticket,
        tracking_code=code,
        status=filed.status,
        step=filed.promise.step if filed.promise else None,
        created=created,
        position=position,
        request=filed.causation_id,
        handed_to=(by.user, by.actor),
    )


def receipt_of(filed: ComplaintFiled, code: str, *, position: int, given: DossierEvent | None = None) -> Receipt:
    """The receipt of an earlier filing.

    :param code: the one that holds now, since a renewed one ends the first; blank if its key is gone.
    :param given: the event that gave it, if it is not the filing.
    """
    return receipt_for(filed, code, created=False, position=position, given=given)


def shown_to(receipt: Receipt, user: str, actor: str) -> Receipt:
    """A receipt as whoever brings the submission may have it: the code is the reporter's, and whoever has it is them.

    An officer or an administrator who knows a number that another has filed under learns the ticket and no code: nobody
    becomes the reporter of what they did not file themselves. Adapters and imports hand receipts on to reporters.

    :param user: who brings the submission.
    :param actor: in which role.
    """
    return receipt if actor == REPORTER or receipt.handed_to == (user, actor) else replace(receipt, tracking_code="")


def known_sender_id(tenant: str, channel: str, external_id: str, agency: str | None = None) -> UUID:
    """The dossier of a known sender's submission: the same channel and external id always give the same.

    So an adapter that repeats a message, or a table imported again, files nothing twice.

    :param agency: of an agency's officer: an agency's numbers are its own, since it may not know every reporter.
    """
    sender = tenant if agency is None else f"{tenant}\nagency {agency}"
    return uuid5(_NAMESPACE, f"{sender}\n{channel}\n{external_id}")


def public_id(key: bytes, tenant: str, complaint: Mapping[str, Any]) -> UUID:
    """The dossier of what anybody may send: only the very same complaint once more gives the same.

    Apart from every known sender's, whatever channel and external id are claimed. The id stands in the log and outlives
    an erasure, so it is made with a secret: nobody can try out by it what a complaint may have said.

    :param key: of :attr:`.Lasting.PUBLIC_FILINGS`.
    :param complaint: as it was loaded.
    """
    said = json.dumps([tenant, "public", complaint], sort_keys=True).encode()
    return uuid5(_NAMESPACE, "public\n" + hmac.digest(key, said, "sha256").hex())
