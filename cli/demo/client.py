"""The demo's way into the installation: the HTTP API, as any client uses it."""

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlencode

from urllib3 import PoolManager

from shared.application.identity.tokens import issue_token
from shared.base.caller import Caller

_AT_ONCE: Final = 16
_PATIENCE_SECONDS: Final = 90.0


class ApiRefused(Exception):
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
        self._pool = PoolManager(maxsize=_AT_ONCE, timeout=_PATIENCE_SECONDS, retries=False)
        self._tokens: dict[Caller, str] = {}
        self._admin = Caller(tenant="*", actor="admin", user="demo", admin=True)

    def sop(self, tenant: str) -> dict[str, Any]:
        """The tenant's procedure."""
        return self._call("GET", f"/sops/{tenant}")

    def file(self, tenant: str, complaint: dict[str, Any], registrar: Caller | None = None) -> dict[str, Any]:
        """File a complaint.

        :param registrar: the officer who files it for somebody at the counter.
        """
        return self._call("POST", f"/{tenant}/complaints", as_=registrar, json=complaint)

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

    def inbox(self, caller: Caller) -> list[dict[str, Any]]:
        """All open tasks of an officer's role."""
        items: list[dict[str, Any]] = []
        after: str | None = None
        while True:
            params = {"limit": 200, **({"after": after} if after else {})}
            page = self._call("GET", f"/{caller.tenant}/inbox", as_=caller, params=params)
            items += page["items"]
            after = page["next"]
            if after is None:
                return items

    def add_file(self, caller: Caller, dossier: str, kind: str, name: str, content: bytes) -> dict[str, Any]:
        """Add a photo or document to a dossier, as an officer."""
        return self._call(
            "POST",
            f"/{caller.tenant}/dossiers/{dossier}/files",
            as_=caller,
            fields={"file": (name, content), "kind": kind},
        )

    def add_own_file(self, tenant: str, ticket: str, code: str, name: str, content: bytes) -> dict[str, Any]:
        """Add a photo to one's own complaint, as its reporter."""
        return self._call(
            "POST", f"/{tenant}/complaints/{ticket}/files", params={"code": code}, fields={"file": (name, content)}
        )

    def make_document(self, caller: Caller, dossier: str, kind: str) -> dict[str, Any]:
        """Have a document made, as an officer."""
        return self._call("POST", f"/{caller.tenant}/dossiers/{dossier}/documents", as_=caller, json={"kind": kind})

    def move_clock(self, instant: datetime) -> None:
        """Move the simulated clock; comes back when everything due has happened."""
        self._call("POST", "/clock", as_=self._admin, json={"to": instant.isoformat()})

    def recap(self, tenant: str, month: str) -> dict[str, Any]:
        """The statistics of a month."""
        return self._call("GET", f"/{tenant}/recap", as_=self._admin, params={"month": month})

    def drawn_recap(self, tenant: str, month: str) -> dict[str, Any] | None:
        """The statistics of a month as they were drawn up by themselves, with the instant; none if they were not."""
        months = self._call("GET", f"/{tenant}/recaps", as_=self._admin)["items"]
        drawn = next((each for each in months if each["month"] == month), None)
        if drawn is None:
            return None
        return {**self._call("GET", f"/{tenant}/recaps/{month}", as_=self._admin), "drawn_at": drawn["drawn_at"]}

    def _call(
        self,
        method: str,
        path: str,
        as_: Caller | None = None,
        params: Mapping[str, object] | None = None,
        **request: Any,
    ) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self._token(as_)}"} if as_ else {}
        address = f"{self._base}{path}?{urlencode(params)}" if params else self._base + path
        answer = self._pool.request(method, address, headers=headers, **request)
        if answer.status >= HTTPStatus.BAD_REQUEST:
            raise ApiRefused(answer.status, answer.data.decode())
        body: dict[str, Any] = answer.json()
        return body

    def _token(self, caller: Caller) -> str:
        if caller not in self._tokens:
            self._tokens[caller] = issue_token(self._key, caller)
        return self._tokens[caller]
