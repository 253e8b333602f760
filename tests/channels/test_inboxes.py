"""SMS by gateways that deliver nothing: what came lies in an inbox, which is looked into."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests

from cli.providers.sms import PASSWORD, PlayedGateway, gateway_of
from shared.channels.carrier import Refused
from shared.channels.incoming import Raw
from shared.channels.kinds.sms.gateway import SmsGateway
from shared.channels.kinds.sms.inboxes import Inboxes
from shared.channels.secrets import Secrets
from tests.channels.own_gateways import ANSWERS, FILED, JAKARTA, MESSAGE, SUMARNO, filed, trenggalek


@dataclass
class ZenzivaGateway(PlayedGateway):
    """Zenziva: what came lies in an inbox."""

    inbox: list[dict[str, Any]] = field(default_factory=list)
    status: int = 200

    format = "zenziva"

    def deliver(self, number: str, text: str, at: datetime, id_: str) -> requests.Response:
        """It lies there."""
        day = at.astimezone(JAKARTA)
        entry = {"messageId": self.received, "dari": number, "isiPesan": text, "tgl": f"{day:%Y-%m-%d}", "id": id_}
        self.inbox.append({**entry, "waktu": f"{day:%H:%M:%S}"})
        return requests.Response()

    def report(self, letter: dict[str, str], state: str) -> requests.Response:
        """It tells nothing of its letters: who asks it to has mistaken the format."""
        raise AssertionError(f"Zenziva reports nothing, nor {state} of {letter}")

    def take(self, method: str, url: str, headers: Any, body: bytes) -> tuple[int, str]:  # noqa: ARG002 - as every format
        """A letter, or a look into the inbox."""
        told, path = dict(parse_qsl(body.decode())), urlsplit(url).path
        if self.status != 200:
            return self.status, ""
        if (method, told["userkey"], told["passkey"]) != ("POST", "aduan", PASSWORD):
            return 200, json.dumps({"status": "0", "text": "Userkey atau passkey salah"})
        if path.endswith("/getinbox/"):
            assert told["startdate"] < told["enddate"]
            return 200, json.dumps({"status": "1", "message": self.inbox})
        self.keep(id=str(len(self.letters)), to=told["to"], text=told["message"])
        return 200, json.dumps({"messageId": len(self.letters), "to": told["to"], "status": "1", "text": "Success"})


def test_an_inbox_that_is_fetched(database_url: str, tmp_path: Path) -> None:
    """What lies there is heard once however often it is looked at, also after the provider was away."""
    with (
        gateway_of(ZenzivaGateway) as gateway,
        trenggalek(database_url, tmp_path, {"format": "zenziva", "send_url": gateway.address}) as made,
    ):
        assert isinstance(gateway, ZenzivaGateway)
        gateway.status = 503
        gateway.text(SUMARNO, MESSAGE, at=datetime.now(UTC) - timedelta(minutes=5))
        made.fetches()
        gateway.status = 200
        for text in ("", *ANSWERS):
            if text:
                gateway.text(SUMARNO, text)
            for _ in range(2):
                made.fetches()
                made.works()
        assert FILED == filed(made)
        assert "TRG-" in gateway.texts_to(SUMARNO)[-1]
        assert (
            403
            == requests.post(f"{made.address}/hooks/v1/trenggalek/sms/modem", data={"a": "b"}, timeout=20).status_code
        )


def test_an_inbox_that_is_shut_keeps_none_of_the_others_and_loses_nothing(tmp_path: Path) -> None:
    """It is told as shut, not as empty: what came meanwhile is asked for once it is open again."""
    for name, word in (("satu", "salah"), ("dua", PASSWORD)):
        (tmp_path / f"x.{name}.password").write_text(word)
        (tmp_path / f"x.{name}.password").chmod(0o600)
    with gateway_of(ZenzivaGateway) as gateway:
        gateway.text(SUMARNO, MESSAGE)
        options = {"send_url": gateway.address, "username": "aduan"}
        named = [SmsGateway(name, "zenziva", Secrets(tmp_path, f"x.{name}"), options) for name in ("satu", "dua")]
        safe: list[tuple[list[str], str]] = []

        def take(items: Sequence[Raw], position: str) -> bool:
            safe.append(([each["message"]["isiPesan"] for each in items], position))
            return False

        with pytest.raises(Refused) as refused:
            Inboxes(named, timedelta(seconds=30)).poll(
                '{"satu": "2026-10-05"}', take, datetime(2026, 10, 9, tzinfo=UTC)
            )
    assert ("status_0", "shut") == (refused.value.args[0], refused.value.remedy)
    assert [([MESSAGE], {"satu": "2026-10-05", "dua": "2026-10-09"})] == [(said, json.loads(at)) for said, at in safe]
