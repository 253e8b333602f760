"""Errors as pages: what happened, in plain words, and where to go on. Nothing that was typed is repeated or lost.

What an unexpected exception says is never told: it may quote what a citizen wrote. It is logged under the request's id.
"""

import logging
import re
from collections.abc import Collection
from typing import Final

from flask import Blueprint, Flask, Response, g, request
from werkzeug.exceptions import HTTPException

from portal.api import PREFIX
from portal.correlation import request_id
from portal.gateway import OUTCOME_UNKNOWN
from portal.pages.frame import csrf
from portal.pages.frame.forms import KEY, faults_of, files_sent, sentence_of
from portal.pages.frame.language import gettext as _
from portal.pages.frame.language import language
from portal.pages.frame.rendering import finished, home, page
from portal.pages.frame.who_could import who_could
from portal.problems import CODES, http, route, say_when_again, without_database
from shared.base.errors import AduanError, Invalid
from shared.channels.installed import HOOKS
from shared.domain.calendar.records import CLOSURE_KINDS
from shared.wording.catalogue import catalogue

_log = logging.getLogger(__name__)

_PROGRAMS: Final = re.compile("|".join(rf"/{each.split('/')[1]}(?![a-z0-9_-])" for each in (PREFIX, HOOKS)))
"""What addresses for programs begin with, well written or not: whoever asks there reads no page."""

_KEPT: Final = (
    *("message", "text", "reason", "comment", "note", "response", "summary", "public_answer", "contacts"),
    *(*CLOSURE_KINDS, "revokes"),
)
"""Long fields: shown again, to be copied, when the page that they were typed into cannot be."""
_OF_A_COMPLAINT: Final = ("title", "reporter.", "location.")
"""How the other fields of a complaint begin: shown again likewise."""


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
    say_when_again(response, error)
    return response


def refused(error: HTTPException) -> Response:
    """What Flask itself refuses."""
    if error.code is None or error.code < 400:
        return Response(error.get_body(), status=error.code, headers=dict(error.get_headers()))
    params = {"method": request.method, "most": request.max_content_length}
    return failure(AduanError(CODES.get(error.code, "bad_request"), params), error.code)


def unexpected(error: Exception) -> Response:
    """An error that nobody foresaw."""
    if (away := without_database(error)) is not None:
        return expected(away)
    _log.error("a page failed", extra={"route": route()}, exc_info=error)
    return failure(AduanError("internal_error", {"request": request_id()}), 500)


def failure(
    error: AduanError,
    status: int,
    title: str | None = None,
    besides: str | None = None,
    recorded: Collection[str] = (),
) -> Response:
    """The page of an error.

    :param title: what it is headed by; by the kind of the error if none.
    :param besides: what is to be said besides the error's own sentence.
    :param recorded: the fields whose text has arrived all the same: it is not shown as if it had not.
    """
    kept = {name: text for name, text in _typed().items() if name not in recorded} if status != 413 else {}
    again = _again(kept) if status == 503 else None
    return page(
        "frame/failure.html",
        status,
        title=title or _title(error, status),
        sentence=sentence_of(error),
        besides=besides or who_could(error, home()),
        faults=faults_of(error) if isinstance(error, Invalid) else {},
        request_id=request_id() if status >= 500 else None,
        kept=kept,
        own_desk=g.get("own_desk"),
        again=again,
        scripts=("filing.js", "tulisan.js") if kept else (),
        without_files=again is not None and files_sent(),
    )


def _title(error: AduanError, status: int) -> str:
    return _("Masih mencoba …") if error.code == OUTCOME_UNKNOWN else catalogue().title(status, language())


def _typed() -> dict[str, str]:
    """What was written into the form, as far as somebody would have to write it once more."""
    names = [name for name in request.form if name in _KEPT or name.startswith(_OF_A_COMPLAINT)]
    return {name: request.form[name] for name in names if request.form[name].strip()}


def _again(kept: Collection[str]) -> list[tuple[str, str]] | None:
    """The fields of a form that is safe to send again, since it is known by its key; none of any other.

    :param kept: the names of those that are shown on the page, to be sent from there.
    """
    if request.method != "POST" or not request.form.get(KEY):
        return None
    return [(name, text) for name, text in request.form.items(multi=True) if name not in (csrf.FIELD, *kept)]


def _unmatched(error: HTTPException) -> Response:
    if _PROGRAMS.match(request.path) or "text/html" not in dict(request.accept_mimetypes):
        return http(error)
    return finished(refused(error))
