"""Words that stand nowhere else, planted by every door that takes somebody's words; each is looked for everywhere."""

import csv
import io
import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from kombu import Connection, Producer

from shared.messaging.wire.topology import SUBMISSIONS
from tests.fixtures.waiting import eventually
from tests.journey.installation import officer
from tests.pages.visitor import Visitor
from tests.privacy.installation import Installation

T = "cilacap"
COORDINATOR = officer(T, "coordinator")
IN_ALL = ("kusumadilaga", "08997654321")
"""Each word holds one of these: where neither is, none is."""
ADAPTER = "adapter"
"""The door whose words lie on the broker until they are filed, as their sender has put them there."""


@dataclass
class Planted:
    """What was planted, and what came of it.

    :param words: by door.
    :param tickets: of the complaints in which they stand.
    """

    installation: Installation
    aduan: Callable[..., str]
    words: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    tickets: list[str] = field(default_factory=list)

    def word(self, door: str) -> str:
        """A new one, as a name or a phrase."""
        return self._kept(door, f"Wiryo{self._number:02d}{IN_ALL[0]}")

    def number(self, door: str, digits: int = 16) -> str:
        """A new one, of an identity or a telephone."""
        return self._kept(door, f"{IN_ALL[1]}{self._number:02d}321"[:digits])

    @property
    def all(self) -> tuple[str, ...]:
        """Every word."""
        return tuple(word for words in self.words.values() for word in words)

    @property
    def _number(self) -> int:
        return len(self.all)

    def _kept(self, door: str, word: str) -> str:
        self.words[door].append(word)
        return word

    def complaint(self, door: str) -> dict[str, Any]:
        """A complaint with a word of its own in every field."""
        return {
            "reporter": {
                "name": self.word(door),
                "address": f"Gang {self.word(door)} 3",
                "phone": self.number(door, 13),
                "email": f"{self.word(door).lower()}@surat.example",
                "identity": self.number(door),
            },
            "title": f"Jalan dekat {self.word(door)}",
            "message": f"Jalan di depan rumah {self.word(door)} berlubang.",
            "location": {"kecamatan": "Dayeuhluhur", "desa": self.word(door), "text": self.word(door)},
            "category": self.word(door),
        }


def plant(installation: Installation, aduan: Callable[..., str], folder: Path) -> Planted:
    """Plant them all.

    :param aduan: runs a command as an operator does.
    """
    planted = Planted(installation, aduan)
    _by_the_api(planted)
    _by_a_page(planted)
    _by_an_adapter(planted)
    _by_a_table(planted, folder)
    _in_headers_and_questions(planted)
    installation.api.rest()
    return planted


def _by_the_api(planted: Planted) -> None:
    api = planted.installation.api
    receipt = api.ok("POST", f"/{T}/complaints", json=planted.complaint("api"))
    planted.tickets.append(receipt["ticket"])
    actions = f"/{T}/dossiers/{receipt['id']}/actions"
    desk, liaison, head = (officer(T, each, "dpupr") for each in ("operator", "liaison", "head"))
    for who, action, fields in (
        (COORDINATOR, "dispose", {"agency": "dpupr", "note": planted.word("officer")}),
        (desk, "return", {"reason": planted.word("officer")}),
        (COORDINATOR, "dispose", {"agency": "dpupr", "note": planted.word("officer")}),
        (COORDINATOR, "leave_note", {"note": planted.word("officer")}),
        (desk, "forward", {"note": planted.word("officer")}),
        (liaison, "forward", {}),
        (head, "forward", {"response": planted.word("officer")}),
        (liaison, "forward", {"response": planted.word("officer")}),
        (desk, "answer", {"text": f"Jalan ditambal, Bapak {planted.word('officer')}."}),
    ):
        api.ok("POST", actions, who, json={"action": action, **fields})
    own, code = f"/{T}/complaints/{receipt['ticket']}", {"code": receipt["tracking_code"]}
    api.ok("POST", f"{own}/add", params=code, json={"text": planted.word("reporter"), "wants": "call"})
    api.ok("POST", f"{own}/rate", params=code, json={"score": 2, "comment": planted.word("reporter")})


def _by_a_page(planted: Planted) -> None:
    visitor = Visitor(planted.installation.api.address)
    page = visitor.send(
        visitor.get(f"/{T}/adukan"),
        "/adukan",
        message=f"Lampu di rumah {planted.word('page')} padam.",
        title=planted.word("page"),
        tetap="1",
        **{
            "location.text": planted.word("page"),
            "reporter.name": planted.word("page"),
            "reporter.address": planted.word("page"),
            "reporter.phone": planted.number("page", 13),
        },
    )
    [planted_ticket] = {
        ticket
        for (ticket,) in planted.installation.query("SELECT max(ticket) FROM intake.tickets WHERE ticket LIKE 'CLP%'")
    }
    assert page.status == 200
    planted.tickets.append(planted_ticket)


def _by_an_adapter(planted: Planted) -> None:
    body = {"tenant": T, **planted.complaint(ADAPTER), "channel": "whatsapp", "external_id": f"planted-{uuid4()}"}
    with Connection(planted.installation.broker_url) as connection, connection.channel() as channel:
        queue = channel.queue_declare(exclusive=True).queue
        Producer(channel, exchange=SUBMISSIONS).publish(
            json.dumps(body).encode(),
            routing_key="submission.whatsapp",
            content_type="application/json",
            reply_to=queue,
            correlation_id="planted",
        )
        answer = eventually(lambda: channel.basic_get(queue=queue, no_ack=True), within=60, what="a receipt")
    planted.tickets.append(json.loads(answer.body)["ticket"])


def _by_a_table(planted: Planted, folder: Path) -> None:
    table = io.StringIO()
    rows = csv.writer(table)
    rows.writerow(["message", "title", "reporter.name", "reporter.address", "reporter.phone"])
    rows.writerow([*(planted.word("table") for _ in range(4)), planted.number("table", 13)])
    (folder / "planted.csv").write_text(table.getvalue(), encoding="utf-8")
    planted.aduan("import", "--tenant", T, str(folder / "planted.csv"))
    (folder / "planted.csv").unlink()
    [(ticket,)] = planted.installation.query("SELECT max(ticket) FROM intake.tickets WHERE ticket LIKE 'CLP%'")
    planted.tickets.append(ticket)


def _in_headers_and_questions(planted: Planted) -> None:
    """Where somebody's words come along that nobody keeps."""
    api = planted.installation.api
    word = planted.word
    headers = {
        "Idempotency-Key": word("asked"),
        "X-Request-ID": word("asked"),
        "User-Agent": word("asked"),
        "Referer": f"http://{word('asked')}.example/",
    }
    api.call("GET", f"/{T}/dossiers", COORDINATOR, params={"name": word("asked"), "q": word("asked")}, headers=headers)
    api.call("GET", f"/{T}/dossiers", COORDINATOR, params={"phone": planted.number("asked", 13)})
    api.call("POST", "/login", json={"tenant": T, "username": word("asked"), "password": word("asked")})
    api.call("GET", f"/{T}/complaints/{word('asked')}", params={"code": word("asked")})
