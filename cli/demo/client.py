"""The demo's way into the installation: the HTTP API, as any client uses it."""

from datetime import datetime
from io import BytesIO
from typing import Any

import requests
from PIL import Image
from requests.adapters import HTTPAdapter

from shared.application.identity.tokens import issue_token
from shared.base.caller import Caller


class Refused(Exception):
    """The API said no.

    :param status: the HTTP status.
    :param problem: the problem details.
    """

    def __init__(self, status: int, problem: Any) -> None:
        self.status = status
        self.problem = problem
        super().__init__(f"{status}: {problem}")


class Client:
    """Calls the API of one installation.

    :param address: of the portal.
    :param token_key: signs the tokens of everybody who appears.
    """

    def __init__(self, address: str, token_key: bytes) -> None:
        self._base = f"{address.rstrip('/')}/api/v1"
        self._key = token_key
        self._session = requests.Session()
        self._session.mount("http://", HTTPAdapter(pool_maxsize=16))
        self._tokens: dict[Caller, str] = {}
        self._admin = Caller(tenant="*", actor="admin", user="demo", admin=True)

    def sop(self, tenant: str) -> dict[str, Any]:
        """The tenant's procedure."""
        return self._call("GET", f"/sops/{tenant}")

    def file(self, tenant: str, complaint: dict[str, Any]) -> dict[str, Any]:
        """File a complaint."""
        return self._call("POST", f"/{tenant}/complaints", json=complaint)

    def track(self, tenant: str, ticket: str, code: str) -> dict[str, Any]:
        """Follow a complaint, as its reporter."""
        return self._call("GET", f"/{tenant}/complaints/{ticket}", params={"code": code})

    def reporter(self, tenant: str, ticket: str, code: str, action: str, fields: dict[str, Any]) -> dict[str, Any]:
        """Do something as the reporter."""
        return self._call("POST", f"/{tenant}/complaints/{ticket}/{action}", params={"code": code}, json=fields)

    def dossier(self, tenant: str, dossier: str) -> dict[str, Any]:
        """Read a dossier."""
        return self._call("GET", f"/{tenant}/dossiers/{dossier}", as_=self._admin)

    def act(self, caller: Caller, dossier: str, action: str, fields: dict[str, Any]) -> dict[str, Any]:
        """Do something as an officer."""
        return self._call(
            "POST", f"/{caller.tenant}/dossiers/{dossier}/actions", as_=caller, json={"action": action, **fields}
        )

    def attach(self, caller: Caller, dossier: str, kind: str) -> None:
        """Add a file of that kind: a photo of a sheet of paper."""
        path = f"/{caller.tenant}/dossiers/{dossier}/files"
        self._call("POST", path, as_=caller, files={"file": (f"{kind}.png", _sheet())}, data={"kind": kind})

    def move_clock(self, instant: datetime) -> None:
        """Move the simulated clock; comes back when everything due has happened."""
        self._call("POST", "/clock", as_=self._admin, json={"to": instant.isoformat()})

    def recap(self, tenant: str, month: str) -> dict[str, Any]:
        """The statistics of a month."""
        return self._call("GET", f"/{tenant}/recap", as_=self._admin, params={"month": month})

    def _call(self, method: str, path: str, as_: Caller | None = None, **request: Any) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self._token(as_)}"} if as_ else {}
        answer = self._session.request(method, self._base + path, headers=headers, timeout=90, **request)
        if not answer.ok:
            raise Refused(answer.status_code, answer.text)
        body: dict[str, Any] = answer.json()
        return body

    def _token(self, caller: Caller) -> str:
        if caller not in self._tokens:
            self._tokens[caller] = issue_token(self._key, caller)
        return self._tokens[caller]


def _sheet() -> bytes:
    drawn = BytesIO()
    Image.new("RGB", (210, 297), "white").save(drawn, "PNG")
    return drawn.getvalue()
