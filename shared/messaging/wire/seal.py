"""Calls between our processes, sealed: whoever else has credentials of the broker can make none and read none.

A channel adapter may publish on the broker, and perhaps bind queues there. A call says who asks (a coordinator, say),
and calls and answers hold names, texts and tracking codes. So each is encrypted and authenticated with a key that
follows from the master key, which adapters do not have:

* A call that was not made by one of our processes, or was changed on the way, does not open. Nor does one whose
  deadline has passed, or that was meant for another method.
* An answer opens only for the very call that it answers.

AES-256-GCM; what stands outside (method, deadline, who called, where the answer goes) is authenticated with it. The key
changes with the day, so that random nonces never come near the number that one key is good for.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from kombu.utils import json

from shared.base.clock import Clock, SystemClock
from shared.base.errors import Invalid
from shared.base.randomness import Randomness, SystemRandomness
from shared.base.strict_json import parsed
from shared.messaging.wire.outgoing import IN_MEMORY, Outgoing
from shared.platform.tracing import TRACEPARENT

CONTENT_TYPE: Final = "application/vnd.aduan.sealed"
DEADLINE: Final = "aduan-deadline"
"""Header: until when the caller waits, in milliseconds since 1970 by its machine's clock."""
CALLER: Final = "aduan-caller"
"""Header: which of our processes calls, e.g. ``portal``."""
CALL_KEY: Final = "call."
"""Before ``service.method`` in a call's routing key; callers of an earlier version left it out."""

_NONCE: Final = 12
_VERSION: Final = b"\x01"
_FARTHEST: Final = timedelta(minutes=15)  # no honest call waits longer


class NotOurs(Exception):
    """A call or an answer that none of our processes made, or not this one, or not for now.

    :param why: for the log; says nothing of what it holds.
    """

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


@dataclass(frozen=True)
class Call:
    """A call that one of our processes made.

    :param method: ``service.method``.
    :param caller: which of our processes calls.
    :param id: unique among all calls; the answer bears it.
    :param reply_to: the routing key of the answer.
    :param deadline: until when the caller waits.
    :param traceparent: of the span in which it was made; blank if none is recorded. It is not sealed: nothing but a
        trace hangs on it.
    """

    method: str
    caller: str
    id: str
    reply_to: str
    deadline: datetime
    args: list[Any]
    kwargs: dict[str, Any]
    traceparent: str = ""


class Untimely(NotOurs):
    """A call of ours from a clock that is far from this one, or of another time.

    :param call: without what it asks for.
    """

    def __init__(self, why: str, call: Call) -> None:
        super().__init__(why)
        self.call = call


class Expired(Untimely):
    """A call of ours for which nobody waits any more, by the clock of this machine."""


class Seal:
    """Seals and opens calls and their answers.

    :param key: 32 bytes that only our processes have; it seals.
    :param machine: the machine's clock.
    :param others: keys that are understood beside it, while the master key is changed: other processes seal by them.
    """

    def __init__(
        self,
        key: bytes,
        machine: Clock | None = None,
        randomness: Randomness | None = None,
        others: Sequence[bytes] = (),
    ) -> None:
        self._key = key
        self._others = tuple(others)
        self._machine = machine or SystemClock()
        self._randomness = randomness or SystemRandomness()

    def now(self) -> datetime:
        """The machine's instant."""
        return self._machine.now()

    def call(self, exchange: str, call: Call) -> Outgoing:
        """The message that makes a call. The broker drops it at the deadline, if it has not been taken by then.

        :raises TypeError: if the arguments are no JSON.
        """
        deadline = _milliseconds(call.deadline)
        seconds = (call.deadline - self.now()).total_seconds()
        return self._message(
            exchange,
            f"{CALL_KEY}{call.method}",
            self._seal(json.dumps({"args": call.args, "kwargs": call.kwargs}), deadline, _of_call(call, deadline)),
            {DEADLINE: deadline, CALLER: call.caller, **({TRACEPARENT: call.traceparent} if call.traceparent else {})},
            {"reply_to": call.reply_to, "correlation_id": call.id, "expiration": str(max(1, round(1000 * seconds)))},
            mandatory=True,
        )

    def open_call(self, message: Any) -> Call:
        """The call that a message makes.

        :param message: kombu's, not decoded.
        :raises NotOurs: if it makes none: none that we made, or one for which nobody waits (:class:`Expired`), or of
            another time (:class:`Untimely`).
        """
        headers, properties = message.headers or {}, message.properties or {}
        deadline, caller = headers.get(DEADLINE), headers.get(CALLER)
        call_id, reply_to = properties.get("correlation_id"), properties.get("reply_to")
        if not isinstance(deadline, int) or not all(isinstance(each, str) for each in (caller, call_id, reply_to)):
            raise NotOurs("not a sealed call")
        instant = _instant(deadline)
        method = str((message.delivery_info or {}).get("routing_key")).removeprefix(CALL_KEY)
        call = Call(method, str(caller), str(call_id), str(reply_to), instant, [], {})
        said = self._open(message.body, deadline, _of_call(call, deadline))
        now = self.now()
        if abs(instant - now) > _FARTHEST:
            raise Untimely("its deadline is not of these minutes: are the clocks of all machines right?", call)
        if instant <= now:
            raise Expired("nobody waits for it any more", call)
        return replace(call, args=list(said["args"]), kwargs=dict(said["kwargs"]), traceparent=_text(headers))

    def answer(self, exchange: str, call: Call, said: dict[str, Any]) -> Outgoing:
        """The message that answers a call.

        :param said: ``result`` and ``error``.
        :raises TypeError: if they are no JSON.
        """
        deadline = _milliseconds(call.deadline)
        body = self._seal(json.dumps(said), deadline, _of_answer(call.id, deadline))
        properties = {"correlation_id": call.id, "expiration": str(round(1000 * _FARTHEST.total_seconds()))}
        return self._message(exchange, call.reply_to, body, {DEADLINE: deadline}, properties)

    def open_answer(self, message: Any) -> tuple[str, dict[str, Any]]:
        """The id of the call that a message answers, and what it says.

        :raises NotOurs: if it is no answer of ours.
        """
        deadline = (message.headers or {}).get(DEADLINE)
        call_id = (message.properties or {}).get("correlation_id")
        if not isinstance(deadline, int) or not isinstance(call_id, str):
            raise NotOurs("not a sealed answer")
        if abs(_instant(deadline) - self.now()) > _FARTHEST:
            raise NotOurs("its deadline is not of these minutes")
        said: dict[str, Any] = self._open(message.body, deadline, _of_answer(call_id, deadline))
        return call_id, said

    def _message(
        self,
        exchange: str,
        routing_key: str,
        body: bytes,
        headers: dict[str, Any],
        properties: dict[str, Any],
        **how: Any,
    ) -> Outgoing:
        # Not written to the broker's disk, for which it would have to wait: no caller outlives a restart of the broker.
        return Outgoing(
            exchange=exchange,
            routing_key=routing_key,
            body=body,
            headers=headers,
            properties={**properties, "delivery_mode": IN_MEMORY},
            content_type=CONTENT_TYPE,
            content_encoding="binary",
            **how,
        )

    def _seal(self, said: str, deadline: int, about: bytes) -> bytes:
        nonce = self._randomness.bytes(_NONCE)
        return _VERSION + nonce + _cipher(self._key, _day(deadline)).encrypt(nonce, said.encode(), about)

    def _open(self, body: Any, deadline: int, about: bytes) -> Any:
        if not isinstance(body, bytes | bytearray | memoryview):
            raise NotOurs("not a sealed body")
        sealed = bytes(body)
        if not sealed.startswith(_VERSION):
            raise NotOurs("not a sealed body")
        nonce, rest = sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
        for key in (self._key, *self._others):
            try:
                return parsed(_cipher(key, _day(deadline)).decrypt(nonce, rest, about))
            except Invalid as error:
                raise NotOurs(f"a field stands twice in it: {', '.join(error.fields)}") from None
            except (InvalidTag, ValueError):
                continue
        raise NotOurs("does not open: have all processes the same ADUAN_MASTER_KEY?")


def _text(headers: Any) -> str:
    found = headers.get(TRACEPARENT)
    return found if isinstance(found, str) else ""


def _of_call(call: Call, deadline: int) -> bytes:
    return "\n".join(["call", call.method, call.caller, call.id, call.reply_to, str(deadline)]).encode(
        "utf-8", "replace"
    )


def _of_answer(call_id: str, deadline: int) -> bytes:
    return f"answer\n{call_id}\n{deadline}".encode("utf-8", "replace")


def _milliseconds(instant: datetime) -> int:
    return round(instant.timestamp() * 1000)


def _instant(milliseconds: int) -> datetime:
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        raise NotOurs("its deadline is no instant") from None


def _day(milliseconds: int) -> int:
    return milliseconds // 86_400_000


@lru_cache(maxsize=32)
def _cipher(key: bytes, day: int) -> AESGCM:
    return AESGCM(HKDFExpand(algorithm=SHA256(), length=32, info=f"calls of day {day}".encode()).derive(key))
