"""Answers in XML and in JSON: the same data, in the shapes that the standard gives both.

In JSON the outer container is a bare list, and a container of repeated children always is one, also with one child.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final
from xml.etree.ElementTree import Element, SubElement, tostring

from flask import Response, request

from portal.xml_text import xml_text

FORMATS: Final = {"xml": "text/xml; charset=utf-8", "json": "application/json; charset=utf-8"}
_CHILDREN: Final = {
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "service_request_updates": "request_update",
    "notes": "note",
    "photos": "photo",
    "endpoints": "endpoint",
    "formats": "format",
    "errors": "error",
}
_FRESH_SECONDS: Final = 60


def written(kind: str, root: str, data: Sequence[Any] | Mapping[str, Any], status: int = 200) -> Response:
    """An answer.

    :param kind: ``xml`` or ``json``.
    :param root: the name of the outermost element.
    """
    body = json.dumps(data, ensure_ascii=False).encode("utf-8", "replace") if kind == "json" else _as_xml(root, data)
    response = Response(body, status, content_type=FORMATS[kind])
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["X-Content-Type-Options"] = "nosniff"
    if request.method in ("GET", "HEAD") and status == 200:
        response.headers["Cache-Control"] = f"public, max-age={_FRESH_SECONDS}"
        response.add_etag(weak=True)
        response.make_conditional(request)
    else:
        response.headers["Cache-Control"] = "no-store"
    return response


def _as_xml(root: str, data: object) -> bytes:
    top = Element(root)
    _fill(top, data)
    return tostring(top, encoding="utf-8", xml_declaration=True)


def _fill(element: Element, data: object) -> None:
    if isinstance(data, Mapping):
        for name, value in data.items():
            _fill(SubElement(element, name), value)
    elif isinstance(data, list | tuple):
        for each in data:
            _fill(SubElement(element, _CHILDREN[element.tag]), each)
    elif isinstance(data, bool):
        element.text = "true" if data else "false"
    elif data is not None:
        element.text = xml_text(str(data))
