"""A stream of server-sent events to an open page, of what the page may know, while its visit lasts."""

import logging
from collections.abc import Callable, Iterator
from typing import Final

from flask import Response, request, stream_with_context

from portal.pages.officer import visits
from portal.parts import parts
from portal.streams import Stream
from shared.base.errors import AduanError, Unavailable
from shared.platform.web.connections import STREAMS

_AT_ONCE: Final = "eventlet.minimum_write_chunk_size"
"""The server gathers 16 KiB before it sends; an event is sent by itself."""
_RETRY_SECONDS: Final = 60
_AGAIN_MILLISECONDS: Final = 3000
_JITTER_MILLISECONDS: Final = 2000
"""Browsers that lost a server do not all come back at once."""

_BEAT: Final = ": \n\n"
_OVER: Final = "event: selesai\ndata:\n\n"
_FULL: Final = "event: penuh\ndata:\n\n"

_log = logging.getLogger(__name__)


def streamed(tell: Callable[[float], str]) -> Response:
    """The stream; 503 where there are too many, and the page asks now and then instead.

    :param tell: what is known now, in one line; asked again and again, with the present visit's rights, and with the
        instant before which nothing that was kept is fresh enough (:attr:`portal.streams.Stream.since`).
    """
    place = parts().streams.enter(visits.visit().account, parts().runtime.database.bell)
    if place is None:
        return Response(status=503, headers={"Retry-After": str(_RETRY_SECONDS)})
    request.environ[_AT_ONCE] = 0
    request.environ.get(STREAMS, lambda: None)()
    response = Response(stream_with_context(_events(place, tell)), mimetype="text/event-stream")
    response.headers["X-Accel-Buffering"] = "no"
    response.call_on_close(place.leave)
    return response


def _events(place: Stream, tell: Callable[[float], str]) -> Iterator[str]:
    jitter = int.from_bytes(parts().runtime.randomness.bytes(2)) % _JITTER_MILLISECONDS
    yield f"retry: {_AGAIN_MILLISECONDS + jitter}\n\n"
    said = ""
    while not place.over:
        try:
            if visits.require_quiet_visit() is not None:
                yield _OVER
                return
            told = tell(place.since)
        except Unavailable:
            told = said  # it is told when whoever knows is there again
        except AduanError:
            yield _OVER  # it has left the reader's reach
            return
        except Exception:
            _log.exception("a stream of news failed")
            raise
        yield _BEAT if told == said else f"data: {told}\n\n"
        said = told
        place.rest()
    if place.full:
        yield _FULL
