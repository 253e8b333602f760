"""The inboxes of gateways that deliver nothing: looked into one after the other."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from shared.channels.carrier import Maybe, Refused
from shared.channels.http import session
from shared.channels.kinds.sms.gateway import SmsGateway
from shared.channels.kinds.sms.zenziva import fetched
from shared.channels.polled import Begun, Take
from shared.channels.secrets import SecretMissing


class Inboxes:
    """Those of one number.

    :param every: how often.
    """

    def __init__(self, gateways: Sequence[SmsGateway], every: timedelta) -> None:
        self.every = every
        self._gateways = gateways
        self._client = session()

    def poll(self, position: str, take: Take, now: datetime) -> bool:
        """Look into each, also where one before it is shut: that is told when all have been looked into."""
        known: dict[str, str] = json.loads(position) if position else {}
        failed: Refused | Maybe | SecretMissing | None = None
        for gateway in self._gateways:
            try:
                items, known[gateway.id] = fetched(self._client, gateway, known.get(gateway.id, ""), now)
            except (Refused, Maybe, SecretMissing) as error:
                failed = failed or error
                continue
            take(items, json.dumps(known))
        if failed is not None:
            raise failed
        return False

    def listen(self, seconds: float, begun: Begun) -> bool | None:  # noqa: ARG002 - as everything that is polled
        """They are looked into often enough."""
        return None

    def check(self) -> list[str]:
        """Its carrier tells whether it is fit."""
        return []
