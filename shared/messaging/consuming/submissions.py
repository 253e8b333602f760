"""What channel adapters hand in: ``@consume_submissions("intake")`` on a method that gets a list of deliveries."""

import json
from collections.abc import Sequence
from typing import Any

from shared.messaging.consuming.batch_consumer import BatchConsumer
from shared.messaging.consuming.outcomes import Accepted, Failed, Outcome, Rejected
from shared.messaging.wire.delivery import Delivery, delivery_of
from shared.messaging.wire.outgoing import TRANSIENT, Outgoing
from shared.messaging.wire.topology import submission_queue

__all__ = ["NOT_PROCESSED", "Accepted", "Delivery", "Rejected", "SubmissionConsumer", "consume_submissions"]

NOT_PROCESSED = "submission_not_processed"
"""The code in the reply to a submission that could not be dealt with, through no fault of its sender's."""


class SubmissionConsumer(BatchConsumer):
    """``@consume_submissions("intake")`` on a method that gets ``list[Delivery]``.

    The method returns an ``Accepted`` or a ``Rejected`` (:mod:`shared.messaging.consuming.outcomes`) for each delivery,
    in their order, and by raising does nothing at all. Bodies are given as they came: what is not JSON is the method's
    to reject. Who asked for an answer by ``reply_to`` gets one.
    """

    kind = "submissions"

    def queue(self) -> Any:
        """What channel adapters handed in."""
        return submission_queue(self.service)

    def read(self, message: Any) -> Any:
        """The delivery."""
        return delivery_of(message)

    def outcomes(self, result: Any, count: int) -> Sequence[Outcome]:  # noqa: ARG002 - checked by who settles
        """As the method says."""
        outcomes: Sequence[Outcome] = result
        return outcomes

    def answer(self, message: Any, outcome: Outcome) -> Outgoing | None:
        """The method's reply, or that it could not be done."""
        queue = message.properties.get("reply_to")
        reply = {"error": {"code": NOT_PROCESSED}} if isinstance(outcome, Failed) else outcome.reply
        if not queue or reply is None:
            return None
        return Outgoing(
            exchange="",
            routing_key=queue,
            body=json.dumps(reply, ensure_ascii=False, default=str).encode(),
            properties={"correlation_id": message.properties.get("correlation_id"), "delivery_mode": TRANSIENT},
        )


consume_submissions = SubmissionConsumer.decorator
