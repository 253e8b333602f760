"""Drawings as answers: as a picture one runs nothing, whatever stands in it."""

from flask import Response


def drawn(document: str, cache: str = "no-store") -> Response:
    """A drawing in SVG.

    :param cache: how long others may keep it, as the header says it.
    """
    response = Response(document, content_type="image/svg+xml")
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'; style-src 'unsafe-inline'"
    response.headers["Cache-Control"] = cache
    return response
