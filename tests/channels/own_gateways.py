"""Trenggalek, reached by SMS through a gateway of its own, and what somebody says to it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from cli.providers.sms import KEY, NUMBER, PASSWORD
from shared.domain.dossier.contents import complaint_of
from tests.channels.line import Line, line

SUMARNO = "+6281234567890"
MESSAGE = "LAPOR lampu jalan depan pasar Bendo mati 1 minggu"
ANSWERS = ("1", "Sumarno", "3503010101800002", "1", "1")
JAKARTA = ZoneInfo("Asia/Jakarta")
FILED = ("sms", SUMARNO, "lampu jalan depan pasar Bendo mati 1 minggu")
"""What comes of that conversation: by which channel, from whom, and what."""


@contextmanager
def trenggalek(database_url: str, folder: Path, gateway: dict[str, Any], number: str = NUMBER) -> Iterator[Line]:
    """An installation where Trenggalek has such a gateway."""
    gateways = [{"id": "modem", "username": "aduan", **gateway}]
    channel = {"id": "sms", "kind": "sms", "number": number, "rate": 1000, "gateways": gateways}
    secrets = {"trenggalek.sms.modem.key": KEY, "trenggalek.sms.modem.password": PASSWORD}
    with line(database_url, folder, {"trenggalek": json.dumps({"channels": [channel]})}, secrets) as made:
        yield made


def filed(made: Line) -> tuple[str, str, str]:
    """What came of a conversation: one complaint."""
    [dossier] = made.dossiers()
    complaint = complaint_of(made.history(dossier), made.runtime.vault.keys(None, [dossier])[dossier])
    return complaint["channel"], complaint["reporter"]["phone"], complaint["message"]
