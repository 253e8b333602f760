"""Concurrent officers who act over HTTP: ``python -m benchmarks.desks COUNT``.

A process of its own, so that what it measures does not wait for what it drives. A line of its input that is JSON says
where: ``address`` of the API, ``tokens`` by actor, ``agency``, and ``complaints``, so many of which each client files.
Then a line says for how many seconds: every client takes its complaints through the procedure, one action after the
other on a connection that stays open, and the answer is the milliseconds that each action took, as JSON.
"""

import json
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

from benchmarks.complaints import TENANT, complaints

_TIMEOUT_SECONDS = 30
_TEXT = "Sudah diperbaiki oleh petugas pekan ini. Terima kasih atas laporannya."

STEPS: tuple[tuple[str, dict[str, str]], ...] = (
    ("coordinator", {"action": "dispose"}),
    ("operator", {"action": "forward"}),
    ("liaison", {"action": "forward"}),
    ("head", {"action": "forward", "response": _TEXT}),
    ("liaison", {"action": "forward", "response": _TEXT}),
    ("operator", {"action": "answer", "text": _TEXT}),
)
"""The way of a complaint through the first government's procedure: who does what."""


class Desk:
    """One client.

    :param asked: as the input says.
    """

    def __init__(self, asked: dict[str, Any]) -> None:
        self._asked = asked
        where = urlsplit(asked["address"])
        self._path = f"{where.path}/{TENANT}"
        self._connection = HTTPConnection(where.netloc, timeout=_TIMEOUT_SECONDS)

    def file(self) -> list[str]:
        """File complaints; their dossiers."""
        with closing(self._connection):
            bodies = ({**each, "channel": "web", "external_id": None} for each in complaints(self._asked["complaints"]))
            return [self._post("/complaints", body, None)["id"] for body in bodies]

    def act(self, dossiers: list[str], until: float) -> list[float]:
        """Act until the time is over, or nothing is left to do; the milliseconds that each action took."""
        taken: list[float] = []
        with closing(self._connection):
            for dossier, actor, body in _work(dossiers, self._asked["agency"]):
                began = time.monotonic()
                if began >= until:
                    break
                self._post(f"/dossiers/{dossier}/actions", body, self._asked["tokens"][actor])
                taken.append(1000 * (time.monotonic() - began))
        return taken

    def _post(self, path: str, body: dict[str, Any], token: str | None) -> Any:
        headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
        self._connection.request("POST", self._path + path, json.dumps(body).encode(), headers)
        answer = self._connection.getresponse()
        said = answer.read()
        if answer.status not in (200, 201):
            raise RuntimeError(f"{path} answered {answer.status}: {said.decode(errors='replace')}")
        return json.loads(said)


def _work(dossiers: list[str], agency: str) -> Iterator[tuple[str, str, dict[str, str]]]:
    for dossier in dossiers:
        for actor, body in STEPS:
            yield dossier, actor, {**body, "agency": agency} if body["action"] == "dispose" else body


def main(count: int) -> None:
    """Answer until the input ends."""
    print("ready", flush=True)
    desks: list[Desk] = []
    filed: list[list[str]] = []
    with ThreadPoolExecutor(count) as pool:
        for line in sys.stdin:
            if line.startswith("{"):
                desks = [Desk(json.loads(line)) for _ in range(count)]
                filed = [each.result() for each in [pool.submit(desk.file) for desk in desks]]
                print("filed", flush=True)
                continue
            until = time.monotonic() + float(line)
            acting = [pool.submit(desk.act, own, until) for desk, own in zip(desks, filed, strict=True)]
            print(json.dumps([each for one in acting for each in one.result()]), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
