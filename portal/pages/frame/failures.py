"""Errors as pages: what happened, in plain words, and where to go on. Nothing that was typed is repeated or lost.

What an unexpected exception says is never told: it may quote what a citizen wrote. It is logged under the request's id.
"""

import logging
import re
from typing import Final

from flask import Blueprint, Flask, Response, current_app, request
from werkzeug.exceptions import HTTPException

from portal.api import PREFIX
from portal.correlation import request_id
from portal.pages.frame.forms import faults_of, sentence_of
from portal.pages.frame.language import language
from portal.pages.frame.rendering import finished, page
from portal.problems import CODES, http, route
from shared.base.errors import AduanError, Invalid
from shared.channels.installed import HOOKS
from shared.wording.catalogue import catalogue

_log = logging.getLogger(__name__)

_PROGRAMS: Final = re.compile("|".join(rf"/{each.split('/')[1]}(?![a-z0-9_-])" for each in (PREFIX, HOOKS)))
"""What addresses for programs begin with, well written or not: whoever asks there reads no page."""

_KEPT: Final = ("message", "text", "reason", "comment", "note", "response", "summary", "public_answer")
"""Long fields: shown again, to be copied, when the page that they were typed into cannot be."""


def answer_with_pages(blueprint: Blueprint) -> None:
    """Answer the errors of these pages with pages."""
    blueprint.register_error_handler(AduanError, expected)
    blueprint.register_error_handler(HTTPException, refused)
    blueprint.register_error_handler(Exception, unexpected)


def register(app: Flask) -> None:
    """Answer a browser that asks for nothing of ours with a page; programs are answered as before."""
    for status in (404, 405):
        app.register_error_handler(status, _unmatched)


def expected(error: AduanError) -> Response:
    """An error that we foresaw."""
    if error.status >= 500:
        _log.warning("a part did not answer", extra={"code": error.code, "status": error.status})
    response = failure(error, error.status)
    if error.status == 429:
        response.headers["Retry-After"] = str(error.params.get("seconds", 60))
    if error.status == 503:
        response.headers["Retry-After"] = "1"
    return response


def refused(error: HTTPException) -> Response:
    """What Flask itself refuses."""
    if error.code is None or error.code < 400:
        return Response(error.get_body(), status=error.code, headers=dict(error.get_headers()))
    params = {"method": request.method, "most": current_app.config["MAX_CONTENT_LENGTH"]}
    return failure(AduanError(CODES.get(error.code, "bad_request"), params), error.code)


def unexpected(error: Exception) -> Response:
    """An error that nobody foresaw."""
    _log.error("a page failed", extra={"route": route()}, exc_info=error)
    return failure(AduanError("internal_error", {"request": request_id()}), 500)


def failure(error: AduanError, status: int) -> Response:
    """The page of an error."""
    kept = {name: request.form[name] for name in _KEPT if status != 413 and request.form.get(name)}
    return page(
        "frame/failure.html",
        status,
        title=catalogue().title(status, language()),
        sentence=sentence_of(error),
        faults=faults_of(error) if isinstance(error, Invalid) else {},
        request_id=request_id() if status >= 500 else None,
        kept=kept,
    )


def _unmatched(error: HTTPException) -> Response:
    if _PROGRAMS.match(request.path) or "text/html" not in dict(request.accept_mimetypes):
        return http(error)
    return finished(refused(error))
