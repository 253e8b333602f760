"""Errors as RFC 9457 problem details, in the reader's language.

What an unexpected exception says is never told: it may quote what a citizen wrote. It is logged under the request's id.
"""

import logging
from http import HTTPStatus
from typing import Any, Final

import psycopg2
from flask import Flask, Response, json, request
from werkzeug.exceptions import HTTPException

from portal.correlation import HEADER as ID_HEADER
from portal.correlation import request_id
from portal.gateway import OUTCOME_UNKNOWN
from portal.idempotency import HEADER as KEY_HEADER
from shared.base.correlation import correlation_id
from shared.base.errors import AduanError, Unavailable
from shared.base.randomness import Randomness
from shared.messaging.wire.failures import meaning
from shared.wording.catalogue import LANGUAGES, catalogue
from shared.wording.faults import told_of

PROBLEM_JSON: Final = "application/problem+json"

_log = logging.getLogger(__name__)

CODES: Final = {
    404: "no_such_page",
    405: "method_not_allowed",
    408: "too_slow",
    413: "too_large",
    414: "address_too_long",
    431: "header_too_large",
}
"""What Flask itself refuses, by its status."""


def register(app: Flask) -> None:
    """Answer every error of this application with a problem."""
    app.register_error_handler(AduanError, _expected)
    app.register_error_handler(HTTPException, http)
    app.register_error_handler(Exception, _unexpected)


def unread(status: int, randomness: Randomness) -> bytes:
    """The whole answer to a request that never reached the application: its line or header could not be read.

    Nothing is known of its language.
    """
    spoken = LANGUAGES[0]
    error = AduanError(CODES.get(status, "bad_request"))
    asked = correlation_id(None, randomness)
    body = json.dumps(_body(error, status, spoken, asked)).encode()
    lines = (
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}",
        f"Content-Type: {PROBLEM_JSON}",
        f"Content-Language: {spoken}",
        f"Content-Length: {len(body)}",
        f"{ID_HEADER}: {asked}",
        "Connection: close",
    )
    return "\r\n".join((*lines, "", "")).encode("ascii") + body


def language() -> str:
    """The language of the answer, by ``Accept-Language``."""
    return request.accept_languages.best_match(LANGUAGES, default=LANGUAGES[0])


def _expected(error: AduanError) -> Response:
    if error.status >= 500:
        _log.warning("a part did not answer", extra={"code": error.code, "status": error.status})
    response = _problem(error, error.status)
    if error.status == 401:
        given = "" if error.code in ("token_needed", "wrong_credentials") else ', error="invalid_token"'
        response.headers["WWW-Authenticate"] = f'Bearer realm="aduan"{given}'
    say_when_again(response, error)
    if error.code == OUTCOME_UNKNOWN:
        response.headers[KEY_HEADER] = str(error.params["key"])
    return response


def say_when_again(response: Response, error: AduanError) -> None:
    """Tell when the same may be asked again, where waiting helps."""
    if error.status == 429:
        response.headers["Retry-After"] = str(error.params.get("seconds", 60))
    if error.status == 503:
        response.headers["Retry-After"] = "1"


def http(error: HTTPException) -> Response:
    """What Flask itself refuses: an unknown address, a method, a body that is too large."""
    if error.code is None or error.code < 400:
        return Response(error.get_body(), status=error.code, headers=dict(error.get_headers()))
    params = {"method": request.method, "most": request.max_content_length}
    response = _problem(AduanError(CODES.get(error.code, "bad_request"), params), error.code)
    if error.code == 405 and (allow := dict(error.get_headers()).get("Allow")):
        response.headers["Allow"] = allow
    return response


def without_database(error: Exception) -> Unavailable | None:
    """What is told if the database broke off in the midst of a request, the same as if it had been away before; or if
    it is not in order, which somebody must mend.

    :returns: none if the error is none of the database's, or lies in what was asked.
    """
    means = meaning(error) if isinstance(error, psycopg2.Error) else "message"
    if means == "away":
        _log.warning("the database broke off", extra={"route": route()}, exc_info=error)
        return Unavailable("database_unavailable")
    if means == "unfit":
        _log.error("the database is not in order", extra={"route": route()}, exc_info=error)
        return Unavailable("database_unfit", {"request": request_id()})
    return None


def _unexpected(error: Exception) -> Response:
    if (away := without_database(error)) is not None:
        return _expected(away)
    _log.error("a request failed", extra={"route": route()}, exc_info=error)
    return _problem(AduanError("internal_error", {"request": request_id()}), 500)


def route() -> str:
    """The pattern of the address asked for: never the address itself, which may hold a ticket."""
    return request.url_rule.rule if request.url_rule is not None else "unmatched"


def _problem(error: AduanError, status: int) -> Response:
    spoken = language()
    body = _body(error, status, spoken, request_id())
    if error.code == OUTCOME_UNKNOWN:
        body["idempotency_key"] = error.params["key"]
    if "allowed_actions" in error.params:
        body["allowed"] = error.params["allowed_actions"]
    if error.fields:
        # A service may name fields that only it looked at.
        few = AduanError(error.code, error.params, told_of(error.fields))
        body["errors"] = catalogue().field_sentences(few, spoken)
    response = Response(json.dumps(body), status=status, content_type=PROBLEM_JSON)
    response.headers["Content-Language"] = spoken
    response.vary.add("Accept-Language")
    return response


def _body(error: AduanError, status: int, spoken: str, asked: str) -> dict[str, Any]:
    return {
        "type": f"urn:aduan:problem:{error.code}",
        "title": catalogue().title(status, spoken),
        "status": status,
        "detail": catalogue().sentence(error, spoken),
        "code": error.code,
        "instance": f"urn:uuid:{asked}",
    }
