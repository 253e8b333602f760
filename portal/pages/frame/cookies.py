"""Cookies that only this installation can read or make: what they hold is sealed, and ends with its time.

Their lifetime is measured by the machine's clock, as that of tokens: see :mod:`shared.application.identity.tokens`.
"""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any, Final

from cryptography.fernet import Fernet, InvalidToken
from flask import Response, request

from portal.parts import parts
from shared.base.clock import Clock, SystemClock

_MACHINE: Final[Clock] = SystemClock()


@dataclass(frozen=True)
class SealedCookie:
    """One cookie.

    :param name: begins with ``__Host-``: no other host may set it, and it goes over TLS only (or to this machine).
    :param idle: how long it is good without being renewed.
    """

    name: str
    idle: timedelta

    def read(self, machine: Clock = _MACHINE) -> dict[str, Any] | None:
        """What the cookie of this request says; none without one, with a foreign, a changed or an old one."""
        given = request.cookies.get(self.name)
        return unsealed(self.name, given, self.idle, machine) if given else None

    def write(self, response: Response, said: dict[str, Any], machine: Clock = _MACHINE) -> None:
        """Set it, for its time anew."""
        value = sealed(self.name, said, machine)
        response.set_cookie(
            self.name,
            value,
            max_age=int(self.idle.total_seconds()),
            secure=True,
            httponly=True,
            samesite="Lax",
            path="/",
        )

    def forget(self, response: Response) -> None:
        """Take it away."""
        response.delete_cookie(self.name, secure=True, httponly=True, samesite="Lax", path="/")


def sealed(purpose: str, said: dict[str, Any], machine: Clock = _MACHINE) -> str:
    """A text that only this installation can open again, for the same purpose."""
    moment = int(machine.now().timestamp())
    return _box(purpose).encrypt_at_time(json.dumps(said).encode(), moment).decode()


def unsealed(purpose: str, given: str, idle: timedelta, machine: Clock = _MACHINE) -> dict[str, Any] | None:
    """What was sealed; none if it was not, or longer ago than ``idle``."""
    moment = int(machine.now().timestamp())
    try:
        opened = _box(purpose).decrypt_at_time(given.encode(), int(idle.total_seconds()), moment)
    except (InvalidToken, UnicodeEncodeError):
        return None
    found: dict[str, Any] = json.loads(opened)
    return found


def derived_key(purpose: str) -> bytes:
    """A key of this installation for one purpose: 32 bytes."""
    return _derived(parts().token_key, purpose)


@lru_cache  # of one key there are a few: each page has one for its forms
def _derived(key: bytes, purpose: str) -> bytes:
    return hmac.digest(key, f"aduan pages: {purpose}".encode(), hashlib.sha256)


def _box(purpose: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(derived_key(purpose)))
