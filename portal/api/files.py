"""Files: sent as ``multipart/form-data``, fetched as attachments."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any, Final
from urllib.parse import quote

from flask import Request, Response, request
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge

from portal import tries
from portal.access import caller, require_officer, require_tenant, spelled
from portal.api import PREFIX
from portal.api.officers import dossier_id
from portal.arguments import check_unpacked
from portal.correlation import request_id
from portal.documented import Documented, answer
from portal.errors import WrongKind
from portal.form_parser import NamedParts
from portal.idempotency import HEADER as KEY
from portal.idempotency import PARAMETER, request_key
from portal.parts import parts
from portal.queries import CodeQuery, DocumentAsked, FileQuery
from portal.shapes import FileAddedShape
from shared.application.files import drops, handing
from shared.base.blank import trimmed
from shared.base.errors import Invalid

_ROOM: Final = 64 * 1024
"""Bytes of a body beside its file: boundaries, names."""

_PIECE: Final = 256 * 1024
_FILE: Final = "file"
_KIND: Final = "kind"
_UPLOAD: Final = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}, "kind": {"type": "string"}},
                }
            }
        },
    }
}

officers = Documented("files", __name__, url_prefix=f"{PREFIX}/<tenant>/dossiers", description="With a bearer token")
officers.before_request(require_officer)
reporters = Documented(
    "own files", __name__, url_prefix=f"{PREFIX}/<tenant>/complaints", description="With the tracking code"
)
reporters.before_request(require_tenant)


class UploadRequest(Request):
    """A request whose files stay in memory: nothing that was sent lies in clear on a disk, not even for a moment."""

    form_data_parser_class = NamedParts

    def _get_file_stream(
        self, total_content_length: Any, content_type: Any, filename: Any = None, content_length: Any = None
    ) -> BytesIO:
        del total_content_length, content_type, filename, content_length
        return BytesIO()


@officers.route("/<dossier>/files", methods=["POST"])
@officers.doc(**_UPLOAD)
@officers.answers(201, FileAddedShape, 400, 401, 403, 404, 409, 413, 415, 422, 503, secured=True)
def add(tenant: str, dossier: str) -> Response:
    """Add a photo or document to a dossier; ``kind`` says what it is to the procedure."""
    whose = {"dossier_id": dossier_id(tenant, dossier), "caller": caller().to_dict()}
    return _added("routing", tenant, whose)


@officers.route("/<dossier>/documents", methods=["POST"])
@officers.arguments(DocumentAsked())
@officers.doc(parameters=[PARAMETER])
@officers.answers(201, FileAddedShape, 400, 401, 403, 404, 409, 413, 415, 422, 503, secured=True)
def make(asked: dict[str, Any], tenant: str, dossier: str) -> Response:
    """Have a document made from the government's template; it becomes a file of the dossier.

    A receipt bears the tracking code that holds, for the officer who registered the complaint. With `code: new` it
    hands over a new one, told here once; the one before has ended.
    """
    whose = {"dossier_id": dossier_id(tenant, dossier), "caller": caller().to_dict()}
    # Only where one was chosen: services of the version before know no such argument.
    key = {"key": request_key()} if KEY in request.headers else {}
    view = parts().gateway.files(
        "routing", "document", tenant, fields=asked, correlation_id=request_id(), **key, **whose
    )
    if view["position"] is not None:
        parts().freshness.wrote(tenant, view["position"])
    return answer(view, 201)


@officers.route("/<dossier>/files/<file>")
@officers.arguments(FileQuery(), location="query")
@officers.hands_out(401, 403, 404, 422, 503, secured=True)
def fetch(query: dict[str, Any], tenant: str, dossier: str, file: str) -> Response:
    """A file of a dossier; that it was fetched is recorded first."""
    whose = {"dossier_id": dossier_id(tenant, dossier), "caller": caller().to_dict(), "why": query["why"]}
    return handed(parts().gateway.files("routing", "file", tenant, file=file, **whose))


@reporters.route("/<ticket>/files", methods=["POST"])
@reporters.doc(**_UPLOAD)
@reporters.arguments(CodeQuery(), location="query")
@reporters.answers(201, FileAddedShape, 400, 404, 409, 413, 415, 422, 429, 503)
def add_own(query: dict[str, Any], tenant: str, ticket: str) -> Response:
    """Add a photo or document to one's own complaint, while it is open."""
    ticket = spelled(ticket)
    with tries.carried_out(tries.count_upload()), tries.looking_up(tenant, ticket):
        parts().freshness.catch_up(tenant, "intake")
        return _added("intake", tenant, {"ticket": ticket, "code": query["code"] or ""})


@reporters.route("/<ticket>/files/<file>")
@reporters.arguments(CodeQuery(), location="query")
@reporters.hands_out(404, 422, 429, 503)
def fetch_own(query: dict[str, Any], tenant: str, ticket: str, file: str) -> Response:
    """One's own file, or the letter of the answer."""
    ticket = spelled(ticket)
    with tries.looking_up(tenant, ticket):
        parts().freshness.catch_up(tenant, "intake")
        found = parts().gateway.files("intake", "file_of", tenant, file=file, ticket=ticket, code=query["code"] or "")
    return handed(found)


def _added(service: str, tenant: str, whose: Mapping[str, Any]) -> Response:
    """Ask first, then read the body: who may not add a file need not send it."""
    most = parts().gateway.files(service, "may_add_file", tenant, **whose)["most_bytes"]
    sent, kind = _sent(most)
    return answer(add_file(service, tenant, whose, sent, kind), 201)


def add_file(service: str, tenant: str, whose: Mapping[str, Any], sent: FileStorage, kind: str) -> dict[str, Any]:
    """Leave a file where the service takes it, and have it added; nothing of it is left there, whatever happens.

    :param whose: by what the service knows who adds it, and to what.
    """
    runtime = parts().runtime
    content = iter(lambda: sent.stream.read(_PIECE), b"")
    drop = drops.leave(runtime.files, runtime.randomness, content)
    try:
        view: dict[str, Any] = parts().gateway.files(
            service,
            "add_file",
            tenant,
            kind=kind,
            name=sent.filename or "",
            drop=drop.to_dict(),
            correlation_id=request_id(),
            **whose,
        )
    finally:
        runtime.files.delete(drop.place)
    if view["position"] is not None:
        parts().freshness.wrote(tenant, view["position"])
    return view


def _sent(most: int) -> tuple[FileStorage, str]:
    """The file in this request, and its kind.

    :raises WrongKind: if the body is no form with files, or is packed.
    :raises RequestEntityTooLarge: if it is too large.
    :raises Invalid: if there is no file in it, more than one, or anything besides: it would be lost.
    """
    check_unpacked(request)
    if request.mimetype != "multipart/form-data":
        raise WrongKind("form_needed")
    request.max_content_length = most + _ROOM
    wrong = {name: ["unknown_field"] for name in (*request.files, *request.form) if name not in (_FILE, _KIND)}
    for named in (request.files, request.form):
        wrong |= {name: ["given_twice"] for name in named if len(named.getlist(name)) > 1}
    if wrong:
        raise Invalid("invalid_fields", fields=wrong)
    sent = request.files.get(_FILE)
    if sent is None:
        raise Invalid("invalid_fields", fields={_FILE: ["required"]})
    if sent.stream.seek(0, 2) > most:
        raise RequestEntityTooLarge
    sent.stream.seek(0)
    return sent, trimmed(request.form.get(_KIND, "")) or "photo"


def handed(handed: Mapping[str, Any]) -> Response:
    """The content, for keeping and not for showing: whatever it is, no browser runs it in our name."""
    content = handing.content(parts().runtime.files, handed)
    response = Response(content, content_type=handed["media_type"])
    response.headers["Content-Length"] = str(handed["size"])
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(handed['name'], safe='')}"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = "private, no-store"
    return response
