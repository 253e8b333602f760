"""Submissions from channel adapters: a batch of AMQP messages in, an outcome for each back."""

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from typing import Any, Final

from services.intake.filing import Submission, check_contacts, checked, file_all
from shared.application.runtime import Runtime
from shared.base.blank import is_blank
from shared.base.caller import REPORTER
from shared.base.correlation import correlation_id
from shared.base.errors import AduanError, Invalid, Unavailable
from shared.base.names import spelled
from shared.base.strict_json import parsed
from shared.domain.complaint.channels import known_channels
from shared.domain.complaint.schema import load_submission
from shared.domain.dossier.desk import Cause
from shared.messaging.consuming.outcomes import Accepted, PutAside
from shared.messaging.wire.delivery import Delivery
from shared.platform import metrics, tracing

Outcome = Accepted | PutAside

MOST_BYTES: Final = 1024 * 1024
"""The largest submission; as much as the portal takes over HTTP."""
_MOST_FIELDS: Final = 50
_HALF: Final = re.compile(r"[\ud800-\udfff]")


def receive(runtime: Runtime, deliveries: Sequence[Delivery]) -> list[Outcome]:
    """File every submission that is one; say of each other what is wrong with it.

    :returns: the outcomes, in the order of the deliveries.
    :raises Unavailable: if something that is needed does not answer; all are to be tried again.
    """
    outcomes: dict[int, Outcome] = {}
    good: list[tuple[int, Submission]] = []
    for place, delivery in enumerate(deliveries):
        try:
            good.append((place, _submission(runtime, delivery)))
        except Unavailable:
            raise  # nothing is wrong with it: what its government has approved could not be looked up just now
        except AduanError as error:
            outcomes[place] = PutAside(error.code, error.fields, reply=_refusal(error))
            # Which channel it claims is a stranger's word; such words are no labels.
            metrics.SUBMISSIONS.labels("-", "invalid").inc()
    receipts = file_all(runtime, [submission for _, submission in good]) if good else []
    for (place, submission), receipt in zip(good, receipts, strict=True):
        outcome = "filed" if receipt.created else "repeated"
        metrics.SUBMISSIONS.labels(submission.complaint["channel"], outcome).inc()
        outcomes[place] = Accepted(receipt.to_dict())
    return [outcomes[place] for place in range(len(deliveries))]


def _submission(runtime: Runtime, delivery: Delivery) -> Submission:
    if len(delivery.body) > MOST_BYTES:
        raise Invalid("too_large", {"most": MOST_BYTES})
    data = _parsed(delivery.body)
    tenant = data.pop("tenant", None)
    if not isinstance(tenant, str) or is_blank(tenant):
        raise Invalid("invalid_fields", fields={"tenant": ["required"]})
    tenant = runtime.tenants.meant(tenant)
    runtime.tenants.get(tenant)
    if is_blank(data.get("channel")):
        data["channel"] = delivery.channel
    complaint = load_submission(data)
    cause = Cause(correlation_id=correlation_id(delivery.correlation_id, runtime.randomness))
    with tracing.request("submission", cause.correlation_id, "consumer"):
        found = checked(runtime, Submission(tenant, complaint, cause))
    # The broker lets an adapter publish for its own channel only; what its messages say of others is a claim.
    own = spelled(delivery.channel, known_channels(runtime.tenants.get(tenant).sop))
    told = replace(found, user=own or REPORTER, trusted=own == found.complaint["channel"])
    check_contacts(told)
    return told


def _parsed(body: bytes) -> dict[str, Any]:
    """The body as a JSON object of well-formed text: half a character, as a cut emoji leaves it, becomes a blank.

    :raises Invalid: if it is none, whatever the parser says to it: too deep, too long a number, a field given twice.
    """
    try:
        data = parsed(body)
        text = json.dumps(data, ensure_ascii=False)
        if _HALF.search(text):
            data = parsed(_HALF.sub(" ", text))
    except (ValueError, RecursionError):
        raise Invalid("not_json") from None
    if not isinstance(data, dict):
        raise Invalid("not_json")
    return data


def _refusal(error: AduanError) -> dict[str, Any]:
    """What the sender is told; of the fields at fault the first ones, since anybody may name as many as they like."""
    fields = dict(islice(error.fields.items(), _MOST_FIELDS))
    return {"error": {"code": error.code, "params": error.params, "fields": fields}}
