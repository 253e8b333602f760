"""One provider: sending somebody there, and hearing from it who came back."""

import base64
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import eventlet
import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session

from portal.oidc.described import PATIENCE_SECONDS, Described, ProviderLate
from portal.oidc.signed import own_account
from shared.application.identity.bindings import OwnAccount
from shared.application.identity.errors import Unauthenticated
from shared.base.clock import Clock, SystemClock
from shared.base.errors import Unavailable
from shared.base.randomness import Randomness
from shared.channels.secrets import Secrets

_BYTES: Final = 48
_BASIC: Final = "client_secret_basic"
_POST: Final = "client_secret_post"
_STALE: Final = "invalid_grant"
_PASSING: Final = ("server_error", "temporarily_unavailable")
_OURS: Final = (
    *("invalid_request", "invalid_client", "invalid_scope"),
    *("unauthorized_client", "unsupported_response_type", "unsupported_grant_type"),
)
"""What a provider does not like about us, whoever comes: RFC 6749, sections 4.1.2.1 and 5.2."""
_ODD: Final = (ValueError, AttributeError, TypeError, KeyError, RecursionError)
"""What an answer without sense comes to while it is read."""


class ClientRefused(Exception):
    """The provider does not take us for its client; the text is the error's name by RFC 6749, section 5.2."""


@dataclass(frozen=True, kw_only=True)
class Trip:
    """What the browser holds, sealed, while somebody is at the provider.

    :param state: comes back with them: it was this browser that left.
    :param nonce: comes back in the signed word: it was made for this trip.
    :param verifier: by which we show that it was we who asked (RFC 7636).
    :param home: the address that they come back to.
    """

    state: str
    nonce: str
    verifier: str
    home: str


@dataclass
class Provider:
    """A provider, as one government's officers log in by it.

    :param client: how it calls us.
    :param secrets: of the government's.
    """

    described: Described
    client: str
    secrets: Secrets
    machine: Clock = field(default_factory=SystemClock)

    def depart(self, home: str, randomness: Randomness) -> tuple[str, Trip]:
        """Where to send somebody, and what to keep meanwhile.

        :raises Unavailable: ``login_provider_away``.
        """
        state, nonce, verifier = (
            base64.urlsafe_b64encode(randomness.bytes(_BYTES)).decode().rstrip("=") for _ in range(3)
        )
        address, _ = self._session(home, "").create_authorization_url(
            self.described.metadata()["authorization_endpoint"], state=state, nonce=nonce, code_verifier=verifier
        )
        return address, Trip(state=state, nonce=nonce, verifier=verifier, home=home)

    def heard(self, trip: Trip | None, told: Mapping[str, str]) -> Trip:
        """What somebody has brought back, looked at before the provider is asked about it.

        :param trip: what this browser holds.
        :param told: the words of the address.
        :raises Unauthenticated: ``login_trip_over`` for another browser's, an old or a made-up one,
            ``login_not_trusted`` if another provider sends it (RFC 9207), ``login_declined`` if
            the provider let nobody in.
        :raises Unavailable: ``login_provider_away`` if the provider says so.
        :raises ClientRefused: if it does not take us for its client.
        """
        if trip is None or not hmac.compare_digest(
            trip.state.encode(), told.get("state", "").encode("utf-8", "replace")
        ):
            raise Unauthenticated("login_trip_over")
        if told.get("iss", self.described.issuer) != self.described.issuer:
            raise Unauthenticated("login_not_trusted")
        error = told.get("error", "")
        if error in _PASSING:
            raise Unavailable("login_provider_away")
        if error in _OURS:
            raise ClientRefused(error)
        if error or not told.get("code"):
            raise Unauthenticated("login_declined")
        return trip

    def arrived(self, trip: Trip, code: str) -> OwnAccount:
        """Who came back, by the provider's own word.

        :param code: which it gave them along.
        :raises Unauthenticated: ``login_trip_over`` if the provider knows the code no more.
        :raises Unavailable: ``login_provider_away``.
        :raises ClientRefused: if it does not take us for its client.
        :raises SecretMissing: if our secret is not there.
        :raises Untrusted: if its word does not fit.
        """
        metadata = self.described.metadata()
        methods = str(metadata.get("token_endpoint_auth_methods_supported") or _BASIC)
        session = self._session(trip.home, self.secrets.get("secret"), _BASIC if _BASIC in methods else _POST)
        try:
            with eventlet.Timeout(PATIENCE_SECONDS, ProviderLate()):
                answer = session.fetch_token(
                    metadata["token_endpoint"],
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=trip.verifier,
                    timeout=PATIENCE_SECONDS,
                    allow_redirects=False,
                )
        except AuthlibBaseError as error:
            if error.error == _STALE:
                raise Unauthenticated("login_trip_over") from error
            raise ClientRefused(error.error if error.error in _OURS else "other") from error
        except (requests.RequestException, ProviderLate, *_ODD) as error:
            raise self.described.away(error) from error
        finally:
            session.close()
        return own_account(self.described, self.client, answer, trip.nonce, self.machine)

    def _session(self, home: str, secret: str, method: str = _BASIC) -> Any:
        return OAuth2Session(
            self.client,
            secret,
            scope="openid email",
            redirect_uri=home,
            code_challenge_method="S256",
            token_endpoint_auth_method=method,
        )
