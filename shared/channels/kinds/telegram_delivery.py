"""How the updates of a bot come: delivered to its hook, or fetched. Source: core.telegram.org/bots/api."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from shared.channels.carrier import Refused
from shared.channels.kinds.parsing import objects, part, text
from shared.channels.polled import Begun, Take

Call = Callable[[str, dict[str, Any]], dict[str, Any]]
"""Calls a method of the bot's by its name, with its arguments."""

_AT_ONCE: Final = 100
"""Updates that one call brings at most."""


def hook_faults(call: Call, hook: str) -> Iterator[str]:
    """What keeps updates from being delivered, a sentence each.

    :param hook: our address to which they are to be.
    """
    told = part(call("getWebhookInfo", {}), "result")
    address = text(told.get("url"))
    if not address:
        yield f"no hook is set, so that nothing is delivered: set {hook} by setWebhook"
    elif address != hook:
        yield f"the hook leads elsewhere than to {hook}: set that by setWebhook"
    elif told.get("pending_update_count") and told.get("last_error_message"):
        yield f"what is delivered to the hook is not taken: {text(told['last_error_message'], 200)}"


class Updates:
    """A bot's updates, fetched where no public address is there to which they could be delivered.

    :param call: the bot's.
    :param every: how often.
    """

    def __init__(self, call: Call, every: timedelta) -> None:
        self.every = every
        self._call = call

    def poll(self, position: str, take: Take, now: datetime) -> bool:  # noqa: ARG002 - as everything that is polled
        """By ``getUpdates``: what is asked for with a higher offset is gone there, so it is safe here before."""
        offset = {"offset": int(position) + 1} if position else {}
        updates = objects(self._call("getUpdates", {**offset, "limit": _AT_ONCE, "timeout": 0}).get("result"))
        updates = [each for each in updates if isinstance(each.get("update_id"), int)]
        if not updates:
            return False
        take(updates, str(max(each["update_id"] for each in updates)))
        for pressed in (text(part(each, "callback_query").get("id"), 100) for each in updates):
            if pressed:
                self._answer(pressed)
        return len(updates) == _AT_ONCE

    def _answer(self, pressed: str) -> None:
        try:
            self._call("answerCallbackQuery", {"callback_query_id": pressed})
        except Refused as refused:
            if refused.remedy != "never":
                raise
            # It was pressed too long ago: the button has let go of it by itself, and what it says is written down.

    def listen(self, seconds: float, begun: Begun) -> bool | None:  # noqa: ARG002 - as everything that is polled
        """It is asked often enough."""
        return None

    def check(self) -> list[str]:
        """No hook is set: while one is, nothing can be fetched."""
        address = text(part(self._call("getWebhookInfo", {}), "result").get("url"))
        return ["a hook is set, so that nothing can be fetched: remove it by deleteWebhook"] if address else []
