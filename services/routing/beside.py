"""Notes, and what the public may read of a dossier, as events."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from shared.application.reading_rights import check_may_read
from shared.application.runtime import Runtime
from shared.base.caller import Caller
from shared.base.errors import Conflict, Invalid
from shared.domain.complaint.pointing import points_at_somebody
from shared.domain.complaint.schema import MOST_TEXT, PutRightSchema
from shared.domain.dossier.arranged import Standing, helpers
from shared.domain.dossier.beside import BESIDE, authorise_beside
from shared.domain.dossier.contents import complaint_of, opened
from shared.domain.dossier.data_events import DATA_OUTCOMES
from shared.domain.dossier.data_requests import open_requests
from shared.domain.dossier.desk import Cause
from shared.domain.dossier.dossier import Dossier
from shared.domain.dossier.events import DossierEvent
from shared.domain.dossier.identity import knows_reporter
from shared.domain.sealing import DataKey
from shared.wording.coded_schema import Chosen, CodedSchema, Part, Text, Whole, load_coded

ANSWER_ABOUT_DATA: Final = "answer_about_data"
_PUBLIC: Final = ("summary", "public_answer")
_MOST_PUBLIC: Final = 2000


class _Note(CodedSchema):
    """A note for colleagues."""

    note = Text(most=MOST_TEXT, lines=True, required=True)


class _Summary(CodedSchema):
    """What the public may read."""

    summary = Text(most=_MOST_PUBLIC, lines=True, required=True)
    public_answer = Text(most=_MOST_PUBLIC, lines=True)


class _Publish(CodedSchema):
    """The very text that was looked at."""

    summary_version = Whole(least=1, words=True, required=True)


class _GiveBack(_Publish):
    """The same, with what is to be changed."""

    reason = Text(most=MOST_TEXT, lines=True, required=True)


class _Withdraw(CodedSchema):
    """Why it is public no longer."""

    reason = Text(most=MOST_TEXT, lines=True, required=True)


class _AnsweredAboutData(CodedSchema):
    """What a desk answers to a request about a reporter's data."""

    asked = Whole(least=1, words=True, required=True)
    outcome = Chosen(DATA_OUTCOMES, required=True)
    text = Text(most=MOST_TEXT, lines=True, required=True)
    reporter = Part(PutRightSchema)


_SCHEMAS: Final[dict[str, type[CodedSchema]]] = {
    "leave_note": _Note,
    "write_summary": _Summary,
    "publish_summary": _Publish,
    "give_back_summary": _GiveBack,
    "withdraw_summary": _Withdraw,
    ANSWER_ABOUT_DATA: _AnsweredAboutData,
}


def do_beside(
    runtime: Runtime,
    caller: Caller,
    dossier: Dossier,
    events: Sequence[DossierEvent],
    name: str,
    fields: Mapping[str, Any],
    cause: Cause,
) -> DossierEvent:
    """The event of one of :data:`shared.domain.dossier.beside.BESIDE`, not yet appended.

    :raises Forbidden: who may not read the dossier, or not do this.
    :raises Conflict: what cannot be now; ``moved_on`` if another summary waits than the one that was looked at.
    :raises Invalid: a field is missing, unknown or wrong, or a text for the public points at somebody.
    """
    tenant = runtime.tenants.get(dossier.tenant)
    check_may_read(caller, tenant, dossier.sop_version, dossier.agency, helpers(events))
    sop = tenant.sop_of(dossier.sop_version)
    authorise_beside(Standing(sop, dossier, events, caller), name)
    given = load_coded(_SCHEMAS[name](), fields)
    key = runtime.dossier_key(dossier.id)
    if name == ANSWER_ABOUT_DATA:
        now = runtime.clock.now()  # once: the answer is late by the very instant at which it ends its clock
        own = _answered_about_data(now, dossier, events, given, key)
        return runtime.desk(dossier.tenant).note(dossier, "DataAnswered", caller, cause, own, now)
    own, private = _own(name, given, dossier, events, key)
    known = knows_reporter(dossier.privacy, caller, sop)
    _check_public(private, complaint_of(events, key).get("reporter") if known else None)
    event_type = BESIDE[name][0]
    return runtime.desk(dossier.tenant).note(
        dossier, event_type, caller, cause, {**own, "sealed": key.seal(private, event_type)}
    )


def _answered_about_data(
    now: datetime, dossier: Dossier, events: Sequence[DossierEvent], given: Mapping[str, Any], key: DataKey
) -> dict[str, Any]:
    """The fields of an answer to what a reporter asked about their data.

    :raises Conflict: ``data_not_asked`` if that was answered before, or never asked.
    :raises Invalid: what is put right of the reporter, where that was not asked for or is refused.
    """
    asked = open_requests(events).get(given["asked"])
    if asked is None:
        raise Conflict("data_not_asked")
    reporter = {name: value for name, value in (given.get("reporter") or {}).items() if value}
    if reporter and (asked.kind, given["outcome"]) != ("correction", "done"):
        raise Invalid("invalid_fields", fields={"reporter": ["unknown_field"]})
    late = 0 if asked.data.due_at is None else max(0, int((now - asked.data.due_at).total_seconds()))
    private = {"text": given["text"], **({"reporter": reporter} if reporter else {})}
    return {
        "asked": given["asked"],
        "kind": asked.kind,
        "outcome": given["outcome"],
        "answered_late_seconds": late,
        "filled": tuple(name for name in dossier.missing if name.removeprefix("reporter.") in reporter),
        "sealed": key.seal(private, "DataAnswered"),
    }


def _own(
    name: str, given: Mapping[str, Any], dossier: Dossier, events: Sequence[DossierEvent], key: DataKey
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The fields of the event itself, and those that are sealed."""
    private = {field: value for field, value in given.items() if value and field != "summary_version"}
    if name == "withdraw_summary" and dossier.published is not None:
        published = events[dossier.published - 1]
        return {"summary": getattr(published, "summary", dossier.published)}, private
    if "summary_version" not in given:
        return {}, private
    if given["summary_version"] != dossier.summary:
        raise Conflict("moved_on", {"version": dossier.version})
    if name == "publish_summary":
        private = opened(events[given["summary_version"] - 1], key)
    return {"summary": given["summary_version"]}, private


def _check_public(private: Mapping[str, Any], reporter: Mapping[str, Any] | None) -> None:
    """Refuse a text for everybody that names somebody.

    An agency is not told whether it has guessed an unnamed reporter: whoever publishes knows them, and is told.
    """
    found = {field: points_at_somebody(str(private[field]), reporter) for field in _PUBLIC if private.get(field)}
    wrong = {field: [code] for field, code in found.items() if code is not None}
    if wrong:
        raise Invalid("invalid_fields", fields=wrong)
