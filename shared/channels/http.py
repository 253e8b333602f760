"""Asking providers over HTTP: in a bounded time, past whatever the environment names, and never twice by itself."""

import time
from email.utils import parsedate_to_datetime
from typing import Any, Final

import requests
from urllib3.exceptions import HTTPError

from shared.base.clock import SystemClock
from shared.base.errors import Invalid
from shared.base.strict_json import parsed
from shared.base.whole_numbers import whole_number
from shared.channels.carrier import LONGEST_WAIT_SECONDS, Maybe, Refused
from shared.channels.incoming import MediaGone

CONNECT_SECONDS: Final = 5.0
READ_SECONDS: Final = 15.0
WHOLE_SECONDS: Final = 120.0
"""For so long a file may come."""
_PIECE: Final = 64 * 1024


def session() -> requests.Session:
    """A session that trusts no proxy, password or certificate of the environment."""
    made = requests.Session()
    made.trust_env = False
    return made


def ask(client: requests.Session, method: str, url: str, **options: Any) -> requests.Response:
    """One request.

    :raises Refused: ``later``, if nobody was reached: nothing was handed over.
    :raises Maybe: if it was handed over and no answer came, or none that can be read.
    """
    try:
        return client.request(method, url, timeout=(CONNECT_SECONDS, READ_SECONDS), allow_redirects=False, **options)
    except (requests.ConnectTimeout, requests.exceptions.SSLError):
        raise Refused("unreachable", "later") from None
    except requests.ConnectionError as error:
        if _never_left(error):
            raise Refused("unreachable", "later") from None
        raise Maybe("no_answer") from None
    except (requests.RequestException, ValueError):  # requests itself stumbles over a Location that is no address
        raise Maybe("no_answer") from None


def content_of(answer: requests.Response, most: int) -> bytes:
    """The content of a file that was asked for with ``stream=True``, read no further and no longer than needed.

    :param most: bytes that are taken.
    :raises Maybe: if the answer is not the file, breaks off, or never ends.
    :raises MediaGone: ``too_large``.
    """
    until = time.monotonic() + WHOLE_SECONDS
    content = bytearray()
    with answer:
        if answer.status_code != 200:
            raise Maybe(f"http_{answer.status_code}")
        try:
            # As it comes: who waits for a whole piece waits as long as a byte comes now and then.
            while piece := answer.raw.read1(_PIECE, decode_content=True):
                content += piece
                if len(content) > most:
                    raise MediaGone("too_large")
                if time.monotonic() > until:
                    raise Maybe("too_slow")
        except HTTPError:
            raise Maybe("cut_off") from None
    return bytes(content)


def json_of(response: requests.Response) -> dict[str, Any]:
    """The answer as a JSON object; empty if it is none, or says a thing twice: nobody knows which was meant."""
    try:
        data = parsed(response.content)
    except (ValueError, RecursionError, Invalid):
        return {}
    return data if isinstance(data, dict) else {}


def is_busy(answer: requests.Response) -> bool:
    """Whether a provider takes nothing for now, from us or from anybody."""
    return answer.status_code == 429 or answer.status_code >= 500


def busy(answer: requests.Response, code: str = "") -> Refused:
    """A provider that takes nothing for now, and may say for how long.

    :param code: its own; the status if it told none.
    """
    return Refused(code or f"http_{answer.status_code}", "later", wait_of(answer))


def wait_of(answer: requests.Response) -> float:
    """For how many seconds a provider wants to be left alone; 0 if it does not say, or says what nobody understands.

    Source: RFC 9110, 10.2.3: seconds, or an instant as HTTP writes it.
    """
    told = answer.headers.get("Retry-After", "")
    seconds = whole_number(told)
    if seconds is not None:
        return float(seconds)
    if told.strip().isdecimal():
        return LONGEST_WAIT_SECONDS  # more than a number can be
    try:
        return max(0.0, (parsedate_to_datetime(told) - SystemClock().now()).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return 0.0


def _never_left(error: requests.ConnectionError) -> bool:
    """Whether a connection was never made: then nothing can have been taken."""
    return "NewConnectionError" in repr(error) or "NameResolutionError" in repr(error)
