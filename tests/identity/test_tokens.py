"""Tokens: what they say, and when they say nothing any more."""

import base64
import json
from datetime import UTC, datetime, timedelta

import jwt
import pytest

from shared.application.identity.errors import Unauthenticated
from shared.application.identity.membership import administrator
from shared.application.identity.tokens import LIFETIME, issue_token, read_token
from shared.base.caller import Caller
from shared.base.clock import SimulatedClock
from shared.base.randomness import SeededRandomness

_KEY = bytes(range(32))
_OFFICER = Caller(tenant="cilacap", actor="operator", agency="dpupr", user="siti")


def test_a_token_says_who_it_stands_for() -> None:
    """What goes into a token comes out of it, the session of its account included."""
    token = read_token(_KEY, issue_token(_KEY, _OFFICER, session="s:1"))

    assert (_OFFICER, "s:1") == (token.caller, token.session)


def test_an_administrator_stays_one() -> None:
    """An administrator's token reads as an administrator's."""
    assert read_token(_KEY, issue_token(_KEY, administrator("root"))).caller.admin


def test_each_token_has_its_own_id() -> None:
    """Two tokens of the same caller can be told apart."""
    source = SeededRandomness("tokens")
    first, second = (read_token(_KEY, issue_token(_KEY, _OFFICER, randomness=source)) for _ in range(2))

    assert first.id != second.id


def test_a_token_expires() -> None:
    """A token is worth nothing after its lifetime, and says that it expired."""
    then = SimulatedClock(datetime.now(UTC) - LIFETIME - timedelta(seconds=1))

    with pytest.raises(Unauthenticated, match="token_expired"):
        read_token(_KEY, issue_token(_KEY, _OFFICER, machine=then))


def _unsigned() -> str:
    head = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').rstrip(b"=").decode()
    claims = {"iss": "aduan", "exp": 2**40, "iat": 0, "jti": "x", **_OFFICER.to_dict()}
    return f"{head}.{base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b'=').decode()}."


def _without(claim: str) -> str:
    claims = jwt.decode(issue_token(_KEY, _OFFICER), _KEY, algorithms=["HS256"])
    del claims[claim]
    return jwt.encode(claims, _KEY, algorithm="HS256")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense",
        issue_token(b"x" * 32, _OFFICER),
        issue_token(_KEY, _OFFICER)[:-2],
        _unsigned(),
        *(_without(claim) for claim in ("exp", "iat", "iss", "jti", "tenant", "actor")),
    ],
)
def test_what_is_not_ours_is_refused(text: str) -> None:
    """Another key's signature, none at all, a broken one, or a claim left out: no caller comes of it."""
    with pytest.raises(Unauthenticated, match="bad_token"):
        read_token(_KEY, text)
