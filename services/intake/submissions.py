"""Submissions from channel adapters: a batch of AMQP messages in, an outcome for each back."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from services.intake.filing import Submission, checked, file_all
from shared.application.runtime import Runtime
from shared.base.blank import is_blank
from shared.base.errors import AduanError, Invalid
from shared.base.randomness import new_uuid
from shared.domain.complaint.schema import load_submission
from shared.domain.dossier.desk import Cause
from shared.messaging.consuming.outcomes import Accepted, Rejected
from shared.messaging.wire.delivery import Delivery

Outcome = Accepted | Rejected

MOST_BYTES: Final = 1024 * 1024
"""The largest submission; as much as the portal takes over HTTP."""


def receive(runtime: Runtime, deliveries: Sequence[Delivery]) -> list[Outcome]:
    """File every submission that is one; say of each other what is wrong with it.

    :returns: the outcomes, in the order of the deliveries.
    """
    outcomes: dict[int, Outcome] = {}
    good: list[tuple[int, Submission]] = []
    for place, delivery in enumerate(deliveries):
        try:
            good.append((place, _submission(runtime, delivery)))
        except AduanError as error:
            outcomes[place] = Rejected(error.code, error.fields, reply=_refusal(error))
    receipts = file_all(runtime, [submission for _, submission in good]) if good else []
    for (place, _), receipt in zip(good, receipts, strict=True):
        outcomes[place] = Accepted(receipt.to_dict())
    return [outcomes[place] for place in range(len(deliveries))]


def _submission(runtime: Runtime, delivery: Delivery) -> Submission:
    if len(delivery.body) > MOST_BYTES:
        raise Invalid("too_large", {"most": MOST_BYTES})
    try:
        data = json.loads(delivery.body)
    except (ValueError, RecursionError):  # also bytes that are no text, and numbers longer than Python reads
        raise Invalid("not_json") from None
    if not isinstance(data, dict):
        raise Invalid("not_json")
    tenant = data.pop("tenant", None)
    if not isinstance(tenant, str) or is_blank(tenant):
        raise Invalid("invalid_fields", fields={"tenant": ["required"]})
    runtime.tenants.get(tenant)
    if is_blank(data.get("channel")):
        data["channel"] = delivery.channel
    complaint = load_submission(data)
    cause = Cause(correlation_id=_correlation_id(runtime, delivery))
    found = checked(runtime, Submission(tenant, complaint, cause, trusted=True))
    return replace(found, user=found.complaint["channel"])


def _correlation_id(runtime: Runtime, delivery: Delivery) -> str:
    """The sender's own if it is a UUID, else a new one: a telephone number, say, must not come into the log."""
    try:
        return str(UUID(delivery.correlation_id or ""))
    except ValueError:
        return str(new_uuid(runtime.randomness))


def _refusal(error: AduanError) -> dict[str, Any]:
    return {"error": {"code": error.code, "params": error.params, "fields": error.fields}}
