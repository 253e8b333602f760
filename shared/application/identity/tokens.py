"""Bearer tokens: signed statements of who the caller is.

Their lifetime is measured by the machine's clock, never by the system's: a simulated clock is moved a month in a
minute, which would end every session of a rehearsal, and one that starts in the past would keep a token alive for
years.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import jwt

from shared.application.identity.errors import Unauthenticated
from shared.base.caller import Caller
from shared.base.clock import Clock, SystemClock
from shared.base.randomness import Randomness, SystemRandomness, new_uuid

LIFETIME: Final = timedelta(hours=12)
"""How long a token lasts by default: a working day, overtime included."""

_ALGORITHM: Final = "HS256"
_ISSUER: Final = "aduan"
_REQUIRED: Final = ("exp", "iat", "iss", "jti", "tenant", "actor")


@dataclass(frozen=True)
class Token:
    """What a token says.

    :param caller: the identity that it stands for.
    :param id: unique among all tokens.
    :param session: the account's session it was issued in, so that it dies when the account is disabled; none for a
        token issued on the command line.
    """

    caller: Caller
    id: str
    session: str | None = None


def issue_token(
    key: bytes,
    caller: Caller,
    *,
    session: str | None = None,
    lifetime: timedelta = LIFETIME,
    randomness: Randomness | None = None,
    machine: Clock | None = None,
) -> str:
    """A signed token for a caller.

    :param key: ``Settings.token_key``, at least 32 bytes.
    :param session: of the account that logged in, if one did.
    :param lifetime: from now.
    :param machine: the machine's clock: see above.
    """
    now = (machine or SystemClock()).now()
    claims = {
        "iss": _ISSUER,
        "iat": now,
        "exp": now + lifetime,
        "jti": str(new_uuid(randomness or SystemRandomness())),
        **caller.to_dict(),
    }
    if session is not None:
        claims["session"] = session
    return jwt.encode(claims, key, algorithm=_ALGORITHM)


def read_token(key: bytes, text: str) -> Token:
    """What a token says, if we signed it and it has not expired.

    :raises Unauthenticated: otherwise: ``token_expired`` or ``bad_token``.
    """
    try:
        claims = jwt.decode(text, key, algorithms=[_ALGORITHM], issuer=_ISSUER, options={"require": list(_REQUIRED)})
        return Token(caller=Caller.from_dict(claims), id=claims["jti"], session=claims.get("session"))
    except jwt.ExpiredSignatureError:
        raise Unauthenticated("token_expired") from None
    except jwt.InvalidTokenError:
        raise Unauthenticated("bad_token") from None
