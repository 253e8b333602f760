"""Who somebody is, by a provider's signed word: checked as OpenID Connect Core 1.0 asks in section 3.1.3.7."""

from collections.abc import Mapping
from typing import Any, Final, cast

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import BadSignatureError, InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet, KeySetSerialization
from joserfc.jws import JWSRegistry

from portal.oidc.described import Described
from shared.application.identity.bindings import OwnAccount
from shared.base.clock import Clock

_ALGORITHMS: Final = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
"""Those with a public key, whatever a token or a provider says: never ``none``, and no secret that both know."""
_ODD: Final = (ValueError, TypeError, KeyError, AttributeError, ArithmeticError, RecursionError)
_LEEWAY_SECONDS: Final = 60
_LONGEST: Final = 255


class Untrusted(Exception):
    """The word is not the provider's, not for us, not for this visit, or too old. The text says which, no more."""


def own_account(described: Described, client: str, answer: Mapping[str, Any], nonce: str, machine: Clock) -> OwnAccount:
    """Who it is that has logged in at the provider.

    :param answer: of the provider's, with ``id_token`` and ``access_token``.
    :param nonce: what was given along when they were sent there.
    :raises Untrusted: unless everything fits.
    :raises Unavailable: ``login_provider_away``, if its keys cannot be had.
    """
    told = answer.get("id_token")
    if not isinstance(told, str):
        raise Untrusted("no token")
    try:
        token = _opened(told, described)
        options = {
            "iss": {"essential": True, "values": [described.issuer]},
            "aud": {"essential": True, "value": client},
        }
        params = {"nonce": nonce, "client_id": client, "access_token": answer.get("access_token")}
        claims = CodeIDToken(token.claims, token.header, options, params)
        claims.validate(now=int(machine.now().timestamp()), leeway=_LEEWAY_SECONDS)
    except (JoseError, *_ODD) as error:  # whatever is written into a token
        raise Untrusted(type(error).__name__) from error
    subject, email = claims.get("sub"), claims.get("email")
    if not isinstance(subject, str) or not subject or len(subject) > _LONGEST or not subject.isprintable():
        raise Untrusted("no subject")
    verified = claims.get("email_verified") is True and isinstance(email, str) and email.isprintable()
    return OwnAccount(issuer=described.issuer, subject=subject, email=str(email) if verified else None)


def _opened(told: str, described: Described) -> Any:
    try:
        return _decoded(told, described.keys())
    except (InvalidKeyIdError, BadSignatureError):  # perhaps by a key that is new
        return _decoded(told, described.keys(anew=True))


def _decoded(told: str, keys: Mapping[str, Any]) -> Any:
    registry = JWSRegistry(algorithms=_ALGORITHMS, strict_check_header=False)
    return jwt.decode(told, key=KeySet.import_key_set(cast("KeySetSerialization", keys)), registry=registry)
