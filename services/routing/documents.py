"""Documents of a dossier: made from a template, numbered, dated, and kept among its files."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.routing import commands, files
from shared.application.dossiers.retrying import on_fresh_state
from shared.application.files.keeping import keep_document
from shared.application.runtime import Runtime
from shared.base.caller import Caller
from shared.base.errors import Conflict
from shared.base.names import chosen
from shared.domain.complaint.schema import MOST_TEXT
from shared.domain.documents.forms import KINDS, TITLES, forms_of
from shared.domain.documents.setting import set_document
from shared.domain.documents.values import About, answer_of
from shared.domain.dossier.desk import Cause
from shared.domain.dossier.filed_files import file_view, files_of
from shared.domain.sop.vocabulary import VIAS
from shared.wording.coded_schema import Chosen, CodedSchema, Text, load_coded

SERVICE = "routing"
_RECEIPT = "receipt"


class DocumentSchema(CodedSchema):
    """What is to be made."""

    kind = Chosen(KINDS, required=True)
    note = Text(most=MOST_TEXT, lines=True)


class ReceiptSchema(DocumentSchema):
    """A receipt, which hands over a new tracking code."""

    via = Chosen(VIAS, required=True)


def make(
    runtime: Runtime, caller: Caller, tenant_id: str, dossier_id: UUID, fields: Mapping[str, Any], cause: Cause
) -> dict[str, Any]:
    """Make a document.

    :param fields: its ``kind``, a ``note``, and for a receipt ``via``: how it is handed over.
    :returns: its file, with the log ``position``; for a receipt also the new ``tracking_code``, this once.
    :raises NotFound: no such dossier.
    :raises Forbidden: who may not add files there, or may not hand out codes.
    :raises Conflict: ``no_answer_yet``, for a letter of an answer that nobody has written; ``erased``.
    :raises Invalid: a field is missing, unknown or wrong.
    """
    files.may_add(runtime, caller, tenant_id, dossier_id)
    receipt = chosen(str(fields.get("kind")), KINDS) == _RECEIPT
    given = load_coded(ReceiptSchema() if receipt else DocumentSchema(), fields)
    said: Mapping[str, Any] = {}
    if receipt:
        own = {"via": given["via"]}
        renewed = on_fresh_state(lambda: commands.act(runtime, caller, tenant_id, dossier_id, "renew_code", own, cause))
        said = renewed.said
    dossier, events = runtime.dossiers(SERVICE).open(dossier_id, tenant_id)
    tenant = runtime.tenants.get(tenant_id)
    key = runtime.vault.keys(None, [dossier_id])[dossier_id]
    if key is None:
        raise Conflict("erased")
    kind, forms, now = given["kind"], forms_of(tenant), runtime.clock.now()
    if kind == "answer_letter" and answer_of(dossier, events, key) is None:
        raise Conflict("no_answer_yet")
    sequence = 1 + sum(event.kind == kind and event.number is not None for event in files_of(events))
    number = forms.number(kind, dossier.ticket, dossier.agency, sequence, now.astimezone(tenant.zone))
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
        code=str(said.get("tracking_code") or ""),
    )
    keeping = files.keeping(runtime, caller, tenant_id, dossier_id, cause)
    name = f"{TITLES[kind]} {dossier.ticket}-{sequence}.pdf"
    kept = keep_document(keeping, kind, name, set_document(forms, kind, about), number)
    return {**file_view(kept.event, tenant, key), "position": kept.position, **said}
