"""What channel adapters hand in: ``@consume_submissions("intake")`` on a method that gets a list of deliveries."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from shared.messaging.consuming.batch_consumer import BatchConsumer
from shared.messaging.consuming.outcomes import Accepted, Failed, Outcome, PutAside, Unusable
from shared.messaging.wire.delivery import Delivery, channel_of, delivery_of
from shared.messaging.wire.outgoing import IN_MEMORY, Outgoing
from shared.messaging.wire.received import Received
from shared.messaging.wire.topology import may_get_replies, submission_queue
from shared.messaging.wire.unfolding import CannotUnfold

__all__ = ["NOT_PROCESSED", "Accepted", "Delivery", "PutAside", "SubmissionConsumer", "consume_submissions"]

NOT_PROCESSED = "submission_not_processed"
"""The code in the reply to a submission that could not be dealt with, through no fault of its sender's."""

_LONGEST_REPLY_BYTES = 64 * 1024
REPLY_TO_NOT_ALLOWED = "reply_to_not_allowed"
"""Why a submission is refused whose answer is to go to a queue that is not of its own channel's adapter."""


class SubmissionConsumer(BatchConsumer):
    """``@consume_submissions("intake")`` on a method that gets ``list[Delivery]``.

    The method returns an ``Accepted`` or a ``Rejected`` (:mod:`shared.messaging.consuming.outcomes`) for each delivery,
    in their order, and by raising does nothing at all. Bodies are given as they came: what is not JSON is the method's
    to reject. Who asked for an answer by ``reply_to`` gets one, in a queue for answers
    (:func:`~shared.messaging.wire.topology.may_get_replies`).
    """

    kind = "submissions"
    poison_limit = None  # strangers send them: none of them may stop the others

    def queue(self) -> Any:
        """What channel adapters handed in."""
        return submission_queue(self.service)

    def read(self, message: Received) -> Any:
        """The delivery; an answer goes to the adapter's own queue or nowhere."""
        reply_to = message.properties.get("reply_to")
        if reply_to and not may_get_replies(str(reply_to), channel_of(message)):
            return PutAside(REPLY_TO_NOT_ALLOWED, {"reply_to": [REPLY_TO_NOT_ALLOWED]})
        try:
            return delivery_of(message)
        except CannotUnfold as error:
            return Unusable(error.reason)

    def attempt(self, items: Sequence[Delivery]) -> Sequence[Outcome]:
        """As the method says."""
        outcomes: Sequence[Outcome] = self.call(list(items))
        return outcomes

    def answer(self, message: Received, outcome: Outcome) -> Outgoing | None:
        """The method's reply, or that it could not be done."""
        queue = str(message.properties.get("reply_to") or "")
        reply = self._reply(outcome)
        if reply is None or not may_get_replies(queue, channel_of(message)):
            return None
        return Outgoing(
            exchange="",
            routing_key=queue,
            # Only ASCII: half a pair of surrogates, which JSON can name, has no form in UTF-8.
            body=_written(reply),
            properties={"correlation_id": message.properties.get("correlation_id"), "delivery_mode": IN_MEMORY},
        )

    @staticmethod
    def _reply(outcome: Outcome) -> Mapping[str, Any] | None:
        match outcome:
            case Failed():
                return {"error": {"code": NOT_PROCESSED}}
            case Unusable(reason_code=code):
                return {"error": {"code": code}}
        return outcome.reply


def _written(reply: Mapping[str, Any]) -> bytes:
    """As JSON; of an error that would get too long only its code, which is enough to find it."""
    body = json.dumps(reply, default=str).encode("ascii")
    if len(body) <= _LONGEST_REPLY_BYTES or "error" not in reply:
        return body
    return json.dumps({"error": {"code": str(reply["error"].get("code", NOT_PROCESSED))[:100]}}).encode("ascii")


consume_submissions = SubmissionConsumer.decorator
