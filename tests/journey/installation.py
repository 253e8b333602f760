"""``aduan up`` as its users run it, and the HTTP API as they call it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import requests

from shared.application.identity.tokens import issue_token
from shared.base.caller import Caller
from shared.platform.settings import Settings
from tests.fixtures.waiting import patience

START = "2026-10-05T08:00:00+07:00"
READY_SECONDS = 60


def _session() -> requests.Session:
    """One that does not look for proxies and passwords in the environment at each request: half of its time."""
    session = requests.Session()
    session.trust_env = False
    return session


@dataclass
class Api:
    """Calls the API of one installation, as whoever is named.

    :param data: its data directory, where there is one to look into.
    :param sops: what was asked of its procedures.
    :param tokens: what was issued.
    """

    address: str
    token_key: bytes
    session: requests.Session = field(default_factory=_session)
    data: Path | None = None
    sops: dict[str, dict[str, Any]] = field(default_factory=dict)
    tokens: dict[Caller, str] = field(default_factory=dict)

    def token(self, **who: Any) -> str:
        """A bearer token."""
        caller = Caller(**who)
        if caller not in self.tokens:
            self.tokens[caller] = issue_token(self.token_key, caller)
        return self.tokens[caller]

    def call(self, method: str, path: str, who: dict[str, Any] | None = None, **request: Any) -> requests.Response:
        """One request; no status is an error here."""
        headers = {"Accept-Language": "en", **request.pop("headers", {})}
        if who is not None:
            headers["Authorization"] = f"Bearer {self.token(**who)}"
        url = f"{self.address}/api/v1{path}" if not path.startswith("/healthz") else self.address + path
        return self.session.request(method, url, headers=headers, timeout=patience(90), **request)

    def ok(self, method: str, path: str, who: dict[str, Any] | None = None, **request: Any) -> Any:
        """One request that must succeed; its JSON."""
        answer = self.call(method, path, who, **request)
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json()

    def file(self, tenant: str, **complaint: Any) -> dict[str, Any]:
        """File a complaint; its receipt."""
        return self.ok("POST", f"/{tenant}/complaints", json=complaint)

    def dossier(self, tenant: str, dossier: str) -> dict[str, Any]:
        """A dossier, as an administrator reads it."""
        return self.ok("GET", f"/{tenant}/dossiers/{dossier}", ADMIN)

    def act(self, who: dict[str, Any], dossier: str, action: str, **fields: Any) -> requests.Response:
        """An officer's action."""
        return self.call("POST", f"/{who['tenant']}/dossiers/{dossier}/actions", who, json={"action": action, **fields})

    def track(self, tenant: str, receipt: dict[str, Any]) -> dict[str, Any]:
        """What the reporter sees."""
        code = {"code": receipt["tracking_code"]}
        return self.ok("GET", f"/{tenant}/complaints/{receipt['ticket']}", params=code)

    def reporter(self, tenant: str, receipt: dict[str, Any], action: str, **fields: Any) -> requests.Response:
        """A reporter's action."""
        code = {"code": receipt["tracking_code"]}
        return self.call("POST", f"/{tenant}/complaints/{receipt['ticket']}/{action}", params=code, json=fields)

    def tasks(self, who: dict[str, Any], *dossiers: str, **asked: Any) -> list[dict[str, Any]]:
        """The tasks of some dossiers in somebody's inbox and in its order, on whichever of its pages they stand.

        :param dossiers: their ids.
        :param asked: of the inbox besides, such as ``min_position``.
        """
        found: list[dict[str, Any]] = []
        after: str | None = None
        while True:
            page = self.ok("GET", f"/{who['tenant']}/inbox", who, params={**asked, "limit": 200, "after": after})
            found += [task for task in page["items"] if task["id"] in dossiers]
            after = page["next"]
            if after is None:
                return found

    def advance(self, duration: str) -> datetime:
        """Move the clock by an ISO 8601 duration."""
        return datetime.fromisoformat(self.ok("POST", "/clock", ADMIN, json={"advance": duration})["now"])

    def rest(self) -> None:
        """Wait until nothing is under way any more: automatic steps, letters, lists."""
        self.advance("PT0S")

    def move_to(self, instant: str) -> None:
        """Move the clock to an instant."""
        self.ok("POST", "/clock", ADMIN, json={"to": instant})


ADMIN: dict[str, Any] = {"tenant": "*", "actor": "admin", "user": "test", "admin": True}


def officer(tenant: str, actor: str, agency: str | None = None) -> dict[str, Any]:
    """An officer's identity."""
    return {"tenant": tenant, "actor": actor, "agency": agency, "user": f"{actor}-test"}


@contextmanager
def up(data: Path, *options: str, **variables: str) -> Iterator[Api]:
    """A running installation, told to stop by SIGTERM afterwards.

    :param variables: of its environment, besides ours.
    """
    command = [sys.executable, "-m", "cli.main", "up", "--port", "0", "--data", str(data), *options]
    log = (data.parent / f"{data.name}.log").open("ab")
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True, env={**os.environ, **variables})
    try:
        assert process.stdout is not None
        address = ""
        for line in process.stdout:
            if line.startswith("ready "):
                address = line.split()[1]
                break
        assert address, f"aduan up did not get ready: {(data.parent / f'{data.name}.log').read_text()[-3000:]}"
        key = Settings.from_environment({"ADUAN_DATA_DIR": str(data)}).token_key
        yield Api(address, key, data=data)
    finally:
        process.terminate()
        try:
            process.wait(patience(30))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise
        finally:
            log.close()
