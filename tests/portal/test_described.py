"""What a provider of log-ins tells of itself, told wrong: it counts as away, whatever it says."""

import json
from collections.abc import Callable
from typing import Final

import pytest

from cli.providers.serving import Handler, listening
from portal.oidc.described import Described
from shared.base.errors import Unavailable

_NAMES: Final = ("authorization_endpoint", "token_endpoint", "jwks_uri")


def _right(address: str) -> dict[str, str]:
    return {"issuer": address, **{name: f"{address}/{name}" for name in _NAMES}}


class _Teller(Handler):
    """Tells what it was given, in the way it was given."""

    told: Callable[[str], bytes]
    heads: dict[str, str]
    status = 200

    def asked(self) -> None:
        """The same for every address."""
        body = type(self).told(f"http://{self.headers['Host']}")
        self.send_response(self.status)
        for name, value in ({"Content-Length": str(len(body))} | self.heads).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    def posted(self, body: bytes) -> None:
        """Nobody posts to it."""
        raise AssertionError(body)


def _told(address: str) -> bytes:
    return json.dumps(_right(address)).encode()


@pytest.mark.parametrize(
    ("told", "heads", "status"),
    [
        (_told, {"Content-Length": "9999"}, 200),
        (_told, {"Content-Encoding": "gzip"}, 200),
        (_told, {"Location": "http://["}, 302),
        (lambda _: b"", {}, 200),
        (lambda _: b"\xff\xfe{}", {}, 200),
        (lambda _: b"[]", {}, 200),
        (lambda _: b"[" * 100_000, {}, 200),
        (lambda address: _told(address) + b" " * (1 << 20), {}, 200),
        (lambda address: _told(address)[:-1] + b',"issuer":"another"}', {}, 200),
        (lambda address: json.dumps(_right(address) | {"issuer": "another"}).encode(), {}, 200),
        (lambda address: json.dumps(_right(address) | {"jwks_uri": ["x"]}).encode(), {}, 200),
        (lambda address: json.dumps(_right(address) | {"token_endpoint": None}).encode(), {}, 200),
    ],
    ids=[
        "breaks off",
        "packed otherwise",
        "leads away",
        "nothing",
        "no text",
        "no object",
        "too deep",
        "too much",
        "twice",
        "another's",
        "no address",
        "not told",
    ],
)
def test_a_description_that_is_none_means_away(
    told: Callable[[str], bytes], heads: dict[str, str], status: int
) -> None:
    """An officer is then asked for a password, and no page fails."""
    with (
        listening(_Teller, told=told, heads=heads, status=status) as address,
        pytest.raises(Unavailable, match="login_provider_away"),
    ):
        Described(address).metadata()


def test_a_right_one_is_taken() -> None:
    """So that the others are refused for what is wrong with them."""
    with listening(_Teller, told=_told, heads={}) as address:
        assert _right(address) == Described(address).metadata()
