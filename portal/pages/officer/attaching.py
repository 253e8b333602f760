"""Files of a dossier: sent by an officer, or made by the system from the government's templates."""

from typing import Final

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

from portal.access import caller
from portal.api.files import add_file
from portal.correlation import request_id
from portal.pages.frame.forms import KEY
from portal.parts import parts
from shared.application.files.limits import largest
from shared.base.errors import Invalid
from shared.platform.settings import Settings

FIELD: Final = "file"
KIND: Final = "kind"
DOCUMENT: Final = "document"
NEW_CODE: Final = "kode_baru"

_ROOM: Final = 256 * 1024


def room(settings: Settings) -> int:
    """The largest form that is read, in bytes: one file, whatever it is."""
    return largest(settings) + _ROOM


def attach(tenant: str, dossier: str) -> str | None:
    """Do what the form asks for; the new tracking code, where the form wants a receipt to hand one over.

    :raises Invalid: if there is no file in it, or it is not taken.
    """
    whose: dict[str, object] = {"dossier_id": dossier, "caller": caller().to_dict()}
    if request.form.get(DOCUMENT):
        given = {"kind": request.form[DOCUMENT], "note": request.form.get("note", "").strip()}
        fields = {name: value for name, value in given.items() if value}
        if fields["kind"] == "receipt":
            fields |= {"via": "counter", "code": "new" if request.form.get(NEW_CODE) else "same"}
        key = request.form.get(KEY) or request_id()
        view = parts().gateway.files(
            "routing", "document", tenant, fields=fields, correlation_id=request_id(), key=key, **whose
        )
        if view["position"] is not None:
            parts().freshness.wrote(tenant, view["position"])
    else:
        view = _add(tenant, whose)
    code: str | None = view.get("tracking_code")
    return code


def _add(tenant: str, whose: dict[str, object]) -> dict[str, object]:
    most = parts().gateway.files("routing", "may_add_file", tenant, **whose)["most_bytes"]
    sent = request.files.get(FIELD)
    if sent is None or not sent.filename:
        raise Invalid("invalid_fields", fields={FIELD: ["required"]})
    if sent.stream.seek(0, 2) > most:
        raise RequestEntityTooLarge
    sent.stream.seek(0)
    return add_file("routing", tenant, whose, sent, request.form.get(KIND) or "photo")
