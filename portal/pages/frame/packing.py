"""Citizens' first pages go packed: a telephone on a slow network waits for each kilobyte.

Others are left as they are, for a proxy to pack or not: where a page holds both a secret and something that whoever led
there could write, its packed length tells of the secret (the attack called BREACH).
"""

import gzip
from typing import Final

from flask import Response, g, request

_LEAST_BYTES: Final = 1000
"""What is smaller fits in one packet anyway."""
_LEVEL: Final = 6


def packable() -> None:
    """The present page shows nothing of anybody's complaint: it may go packed."""
    g.packable = True


def packed(response: Response) -> Response:
    """A page that may go so, if its browser takes it: one for everybody, or one that is :func:`packable`."""
    if not (g.get("listed") or g.get("packable")) or request.method != "GET" or response.status_code != 200:
        return response
    if response.is_streamed or not (response.mimetype or "").startswith("text/"):
        return response
    response.vary.add("Accept-Encoding")
    # The token of its forms is its browser's secret; what its address asks for, somebody else may have written.
    told = "form_token" in g and bool(request.query_string)
    content = response.get_data()
    if told or len(content) < _LEAST_BYTES or request.accept_encodings.quality("gzip") <= 0:
        return response
    # Without a time stamp the same page is the same bytes.
    response.set_data(gzip.compress(content, _LEVEL, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    return response
