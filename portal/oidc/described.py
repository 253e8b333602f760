"""What a provider tells of itself: where it is asked, and the keys by which it signs.

Both are kept for some minutes. After a failure it is left alone for some seconds: while it is away, nobody waits for it
twice.
"""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import eventlet
import requests
from urllib3.exceptions import HTTPError

from shared.base.errors import Invalid, Unavailable
from shared.base.strict_json import parsed
from shared.platform.settings_values import public_url

PATIENCE_SECONDS: Final = 5.0
"""For one answer of the provider, from the first sign to the last."""

_KEPT_SECONDS: Final = 600.0
_LEFT_ALONE_SECONDS: Final = 5.0
_LARGEST_BYTES: Final = 256 * 1024
_PATH: Final = "/.well-known/openid-configuration"
_ADDRESSES: Final = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_log = logging.getLogger(__name__)


class ProviderLate(Exception):
    """The provider has not answered in time."""


class UnfitDescription(Exception):
    """The provider's answer is none that can be used. The text tells why, and quotes nothing."""


@dataclass
class _Kept:
    at: float
    what: Any


@dataclass
class Described:
    """What an issuer tells of itself.

    :param issuer: exactly as it calls itself.
    """

    issuer: str
    _kept: dict[str, _Kept] = field(default_factory=dict, repr=False)
    _failed: float = float("-inf")

    def metadata(self) -> Mapping[str, Any]:
        """Its description (OpenID Connect Discovery 1.0).

        :raises Unavailable: ``login_provider_away``.
        """
        return self._get(self.issuer.rstrip("/") + _PATH, self._checked)

    def keys(self, *, anew: bool = False) -> Mapping[str, Any]:
        """Its keys (RFC 7517).

        :param anew: whether one was missed among those that are known.
        :raises Unavailable: ``login_provider_away``.
        """
        return self._get(str(self.metadata()["jwks_uri"]), _some_keys, anew=anew)

    def away(self, error: Exception) -> Unavailable:
        """What is raised when it does not answer, or with nothing that can be used."""
        _log.warning("a provider of log-ins failed", extra={"issuer": self.issuer, "reason": type(error).__name__})
        return Unavailable("login_provider_away")

    def _get(
        self, address: str, check: Callable[[Mapping[str, Any]], None], *, anew: bool = False
    ) -> Mapping[str, Any]:
        now = time.monotonic()
        kept = self._kept.get(address)
        if kept is None or anew or now - kept.at > _KEPT_SECONDS:
            if now - self._failed < _LEFT_ALONE_SECONDS:
                raise Unavailable("login_provider_away")
            try:
                told = _fetched(address)
                check(told)
            except (requests.RequestException, ProviderLate, UnfitDescription, ValueError) as error:
                self._failed = time.monotonic()
                raise self.away(error) from error
            self._kept[address] = kept = _Kept(now, told)
        found: Mapping[str, Any] = kept.what
        return found

    def _checked(self, told: Mapping[str, Any]) -> None:
        if told.get("issuer") != self.issuer:
            raise UnfitDescription("it calls itself otherwise")
        for name in _ADDRESSES:
            public_url(str(told.get(name, "")))


def _some_keys(told: Mapping[str, Any]) -> None:
    if not isinstance(told.get("keys"), list):
        raise UnfitDescription("it tells no keys")


def _fetched(address: str) -> Mapping[str, Any]:
    with (
        eventlet.Timeout(PATIENCE_SECONDS, ProviderLate()),
        requests.get(address, timeout=PATIENCE_SECONDS, allow_redirects=False, stream=True) as answer,
    ):
        if answer.status_code != requests.codes.ok:
            raise UnfitDescription("it answers with an error")
        try:
            raw = answer.raw.read(_LARGEST_BYTES + 1, decode_content=True)
        except HTTPError as error:
            raise UnfitDescription("it breaks off, or is packed otherwise than it says") from error
    if len(raw) > _LARGEST_BYTES:
        raise UnfitDescription("it tells too much")
    try:
        told = parsed(raw)
    except (Invalid, RecursionError) as error:
        raise UnfitDescription("it tells something twice, or too deep") from error
    if not isinstance(told, dict):
        raise UnfitDescription("it tells no document")
    return told
