"""Asking providers over HTTP: in a bounded time, past whatever the environment names, and never twice by itself."""

from typing import Any, Final

import requests

from shared.base.errors import Invalid
from shared.base.strict_json import parsed
from shared.channels.carrier import Maybe, Refused
from shared.channels.incoming import MediaGone

CONNECT_SECONDS: Final = 5.0
READ_SECONDS: Final = 15.0
_PIECE: Final = 64 * 1024


def session() -> requests.Session:
    """A session that trusts no proxy, password or certificate of the environment."""
    made = requests.Session()
    made.trust_env = False
    return made


def ask(client: requests.Session, method: str, url: str, **options: Any) -> requests.Response:
    """One request.

    :raises Refused: ``later``, if nobody was reached: nothing was handed over.
    :raises Maybe: if it was handed over and no answer came.
    """
    try:
        return client.request(method, url, timeout=(CONNECT_SECONDS, READ_SECONDS), allow_redirects=False, **options)
    except (requests.ConnectTimeout, requests.exceptions.SSLError):
        raise Refused("unreachable", "later") from None
    except requests.ConnectionError as error:
        if _never_left(error):
            raise Refused("unreachable", "later") from None
        raise Maybe("no_answer") from None
    except requests.RequestException:
        raise Maybe("no_answer") from None


def content_of(answer: requests.Response, most: int) -> bytes:
    """The content of a file that was asked for with ``stream=True``, read no further than needed.

    :param most: bytes that are taken.
    :raises Maybe: if the answer is not the file.
    :raises MediaGone: ``too_large``.
    """
    with answer:
        if answer.status_code != 200:
            raise Maybe(f"http_{answer.status_code}")
        content = bytearray()
        for piece in answer.iter_content(_PIECE):
            content += piece
            if len(content) > most:
                raise MediaGone("too_large")
    return bytes(content)


def json_of(response: requests.Response) -> dict[str, Any]:
    """The answer as a JSON object; empty if it is none, or says a thing twice: nobody knows which was meant."""
    try:
        data = parsed(response.content)
    except (ValueError, RecursionError, Invalid):
        return {}
    return data if isinstance(data, dict) else {}


def _never_left(error: requests.ConnectionError) -> bool:
    """Whether a connection was never made: then nothing can have been taken."""
    return "NewConnectionError" in repr(error) or "NameResolutionError" in repr(error)
