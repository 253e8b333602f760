"""Documents of a dossier: made from a template, numbered, dated, and kept among its files."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from services.routing import commands, files
from shared.application.dossiers.retrying import on_fresh_state
from shared.application.files.keeping import keep_document
from shared.application.requests import Mark
from shared.application.runtime import Runtime
from shared.base.caller import Caller
from shared.base.errors import Conflict, Forbidden
from shared.base.names import chosen
from shared.domain.complaint.schema import MOST_TEXT
from shared.domain.documents.forms import KINDS, TITLES, forms_of
from shared.domain.documents.setting import set_document
from shared.domain.documents.values import About
from shared.domain.dossier.answer_letters import answer_of
from shared.domain.dossier.contents import tracking_code_of
from shared.domain.dossier.desk import Cause
from shared.domain.dossier.events import CodeRenewed, ComplaintFiled, DossierEvent, FileAdded
from shared.domain.dossier.filed_files import file_view, files_of
from shared.domain.sealing import DataKey
from shared.domain.sop.vocabulary import VIAS
from shared.store.eventstore.audit_dossier import hash_of
from shared.wording.coded_schema import Chosen, CodedSchema, Text, load_coded

SERVICE = "routing"
_RECEIPT = "receipt"
NEW_CODE: Final = "new"
SAME_CODE: Final = "same"
CODES: Final = (SAME_CODE, NEW_CODE)


class DocumentSchema(CodedSchema):
    """What is to be made."""

    kind = Chosen(KINDS, required=True)
    note = Text(most=MOST_TEXT, lines=True)


class ReceiptSchema(DocumentSchema):
    """A receipt: with the code that holds, or with a new one, which ends the code before."""

    via = Chosen(VIAS, required=True)
    code = Chosen(CODES, load_default=SAME_CODE)


def make(
    runtime: Runtime,
    caller: Caller,
    tenant_id: str,
    dossier_id: UUID,
    fields: Mapping[str, Any],
    cause: Cause,
    of_file: Cause | None = None,
) -> dict[str, Any]:
    """Make a document; a request for which it was made before is answered with that one.

    :param fields: its ``kind``, a ``note``, and for a receipt ``via``, how it is handed over, and ``code``: ``new``
        ends the code that was handed over before; without it the receipt bears the code that holds.
    :param cause: with a mark of the request, by which a code that was renewed for it is told again, not renewed.
    :param of_file: with another mark of it, by which the file that was made for it is known again.
    :returns: its file, with the log ``position``; for a receipt with a new code also ``tracking_code``, this once.
    :raises NotFound: no such dossier.
    :raises Forbidden: who may not add files there, or may not hand out codes; ``code_is_the_reporters``, to print the
        code that holds, unless it is whoever registered the complaint: they have handed it over.
    :raises Conflict: ``no_answer_yet``, for a letter of an answer that nobody has written; ``erased``.
    :raises Invalid: a field is missing, unknown or wrong, or the request's key was used for another document.
    """
    of_file = of_file or replace(cause, causation_id=None)
    files.may_add(runtime, caller, tenant_id, dossier_id)
    receipt = chosen(str(fields.get("kind")), KINDS) == _RECEIPT
    given = load_coded(ReceiptSchema() if receipt else DocumentSchema(), fields)
    said: Mapping[str, Any] = {}
    if receipt and given["code"] == NEW_CODE:
        own = {"via": given["via"]}
        renewed = on_fresh_state(lambda: commands.act(runtime, caller, tenant_id, dossier_id, "renew_code", own, cause))
        said = renewed.said
    dossier, events = runtime.dossiers(SERVICE).open(dossier_id, tenant_id)
    tenant = runtime.tenants.get(tenant_id)
    key = runtime.dossier_key(dossier_id)
    if (before := _made_before(events, of_file)) is not None:
        position = runtime.dossiers(SERVICE).position(dossier_id, before.originator_version)
        return {**file_view(before, tenant, key), "position": position, **said}
    code = str(said.get("tracking_code") or "")
    if receipt and not code:
        code = _known_code(caller, events, key)
    kind, forms, now = given["kind"], forms_of(tenant), runtime.clock.now()
    if kind == "answer_letter" and answer_of(dossier, events, key) is None:
        raise Conflict("no_answer_yet")
    sequence = 1 + sum(event.kind == kind and event.number is not None for event in files_of(events))
    number = forms.number(kind, dossier.ticket, dossier.agency, sequence, now.astimezone(tenant.zone))
    with runtime.database.autocommit() as cursor:
        fingerprint = hash_of(cursor, dossier_id, 1) or ""
    about = About(
        dossier=dossier,
        events=events,
        tenant=tenant,
        key=key,
        now=now,
        signer=tenant.sop_of(dossier.sop_version).actor(caller.actor).title,
        number=number,
        portal=runtime.settings.public_url,
        note=given.get("note") or "",
        code=code,
        renewed=bool(said),
        fingerprint=fingerprint,
    )
    keeping = files.keeping(runtime, caller, tenant_id, dossier_id, of_file)
    name = f"{TITLES[kind]} {dossier.ticket}-{sequence}.pdf"
    kept = keep_document(keeping, kind, name, set_document(forms, kind, about), number)
    return {**file_view(kept.event, tenant, key), "position": kept.position, **said}


def _made_before(events: Sequence[DossierEvent], cause: Cause) -> FileAdded | None:
    """The file that was made for the very same request.

    :raises Invalid: if its key was used for another document.
    """
    mark = Mark.of(cause.causation_id)
    if mark is None:
        return None
    return next((each for each in files_of(events) if mark.is_repeated_by(Mark.of(each.causation_id))), None)


def _known_code(caller: Caller, events: Sequence[DossierEvent], key: DataKey) -> str:
    """The tracking code that holds, for the officer who has handed it over.

    :raises Forbidden: ``code_is_the_reporters``.
    """
    given = [event for event in events if isinstance(event, ComplaintFiled | CodeRenewed)][-1]
    if not caller.user or (given.user, given.actor) != (caller.user, caller.actor):
        raise Forbidden("code_is_the_reporters")
    return tracking_code_of(events, key)
