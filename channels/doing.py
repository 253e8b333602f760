"""What conversations brought about: filed, acted, told. Each thing under a key of its own, so that again is once."""

import logging
from datetime import timedelta
from typing import Any, Final
from uuid import UUID, uuid5

from channels import answering, corresponding, media, outgoing_rows, report_rows, rows
from channels.conversing import House, StepCause, advance, world_of
from channels.filing import add_file, receipt_of
from channels.letters import Correspondence
from channels.mapping import complaint_of, contact, filed_by
from channels.outgoing_rows import OutgoingRow
from channels.services import reporter_acts
from shared.base.errors import AduanError, Invalid, Unavailable
from shared.channels import outgoing as written
from shared.channels import posts
from shared.channels.outgoing import to_do
from shared.channels.talk.state import Draft
from shared.channels.talk.world import Done, Filed, Item, NotDone, NotFiled
from shared.domain.complaint.schema import ADD
from shared.domain.sealing import DataKey
from shared.messaging.wire.failures import is_transient
from shared.platform import tracing
from shared.platform.logging import bound
from shared.platform.metrics import REPORTS_DROPPED, TALK_FILED
from shared.wording.catalogue import catalogue

log = logging.getLogger(__name__)

_LONGEST_PAUSE: Final = timedelta(minutes=5)
MOST_FAULTS: Final = 12
"""So often something is tried that a fault of ours breaks: for more than twenty minutes, longer than an upgrade."""
_GIVEN_UP: Final = "given up"
_REPORTS_AT_ONCE: Final = 100
_REPORT_PATIENCE_SECONDS: Final = 600.0
"""For so long a report is tried of which nobody knows the letter."""
_LANGUAGE: Final = "id"
_SMS: Final = "sms"
_WHY: Final = {"withdraw": "Dicabut oleh pelapor."}
_ADDING: Final = {"call": ADD}
_FILES: Final = ("files", "attach")
_OF_PERSONS: Final = {"heard": "heard", "moved": "moved", "quiet": "spare"}
"""What notify is to know of a person: its method, by the kind of thing."""
_TOLD: Final = ("tenant", "channel", "provider_id", "key", "state", "part", "code")

Result = tuple[Item | None, dict[str, Any]]
"""What the conversation hears of what was done, and what is kept besides: ``own``, ``forget`` and ``then``."""


def do_one(house: House) -> bool:
    """Do the next thing; whether there was one. What breaks it is its own affair.

    :raises psycopg2.Error: if the database is away, or not as it should be.
    """
    with house.runtime.database.autocommit() as cursor:
        outgoing = outgoing_rows.claim(cursor)
    if outgoing is None:
        return False
    key = house.runtime.vault.key_of(outgoing.person)
    began = outgoing.correlation_id
    name = f"channels.{outgoing.kind}"
    below = tracing.span(name, "consumer", tracing.root_of(began)) if outgoing.request else None
    try:
        with bound(correlation_id=began), below or tracing.request(name, began, "consumer"):
            result = _do(house, outgoing, key) if key is not None else None
        finish(house, outgoing, key, result)
    except Unavailable:
        with house.runtime.database.autocommit() as cursor:
            outgoing_rows.again(cursor, outgoing.id, _pause(outgoing))
    except Exception as error:
        if is_transient(error):
            raise
        log.exception("what was to be done for somebody broke", extra=_named(outgoing))
        _broke(house, outgoing, key, error)
    return True


def hand_on_reports(house: House) -> bool:
    """Tell notify what providers said of letters; whether anything was, or may be at once.

    A provider may be faster than the commit that writes down its id: what nobody knows yet is tried again for a while,
    behind the others: where another system sends by the same number, its letters are never known here.
    """
    with house.runtime.database.autocommit() as cursor:
        open_ones = report_rows.open_reports(cursor, _REPORTS_AT_ONCE)
    if not open_ones:
        return False
    told = [{name: report[name] for name in _TOLD} | {"at": report["at"].isoformat()} for report in open_ones]
    known = house.ask("notify", "reported", reports=told)
    over = []
    for report, is_known in zip(open_ones, known, strict=True):
        if is_known or report["age"] > _REPORT_PATIENCE_SECONDS:
            over.append(report)
            REPORTS_DROPPED.labels(report["channel"]).inc(0 if is_known else 1)
    strange = [report for report in open_ones if report not in over]
    with house.runtime.database.transaction() as cursor:
        report_rows.heard_reports(cursor, over)
        report_rows.tried_reports(cursor, strange)
    # Behind a full batch of strangers' there may be ours.
    return bool(over) or (len(open_ones) == _REPORTS_AT_ONCE and any(report["new"] for report in strange))


def _pause(outgoing: OutgoingRow) -> timedelta:
    return min(timedelta(seconds=2 ** min(outgoing.attempts, 10)), _LONGEST_PAUSE)


def _named(outgoing: OutgoingRow) -> dict[str, str]:
    """What a line of the log says of it: nothing that somebody wrote."""
    return {"tenant": outgoing.tenant, "kind": outgoing.kind, "id": str(outgoing.id)}


def _broke(house: House, outgoing: OutgoingRow, key: DataKey | None, error: Exception) -> None:
    """Try it again later, or give it up: then the person's next things are done, and somebody is told to mend it."""
    with house.runtime.database.transaction() as cursor:
        if not outgoing_rows.broke(cursor, outgoing.id, _pause(outgoing), MOST_FAULTS):
            return
        if key is not None and outgoing.kind != written.TROUBLE:
            by = rows.last_channel_of(cursor, outgoing.tenant, outgoing.person)
            what = f"{outgoing.kind} {outgoing.id} was given up: {type(error).__name__}"
            told = {"channel": by or outgoing.kind, "what": what}
            id_ = uuid5(outgoing.id, _GIVEN_UP)
            to_do(cursor, id_, outgoing.tenant, key, written.TROUBLE, told, outgoing.request)
    log.error("what was to be done for somebody was given up", extra=_named(outgoing))


def _do(house: House, outgoing: OutgoingRow, key: DataKey) -> Result:
    """Do it; what comes of it.

    :raises Unavailable: if it may be done later.
    """
    what = outgoing.opened(key)
    if method := _OF_PERSONS.get(outgoing.kind):
        house.ask("notify", method, tenant=outgoing.tenant, person=str(outgoing.person), **what)
        return None, {}
    match outgoing.kind:
        case "say" | corresponding.UNSAID as kind:
            method = "talk" if kind == "say" else kind
            house.ask(
                "notify", method, tenant=outgoing.tenant, person=str(outgoing.person), key=str(outgoing.id), **what
            )
        case "submit":
            return _submit(house, outgoing, key, what)
        case "act":
            return _act(house, outgoing, key, what)
        case "drop":
            return None, {"forget": what["media"]}
        case written.TROUBLE:
            house.ask("notify", "channel_trouble", tenant=outgoing.tenant, **what)
        case posts.POST:
            return None, _file_post(house, outgoing, key, what)
        case corresponding.LETTER:
            return None, answering.answer(house, outgoing, key, Correspondence.from_dict(what))
        case corresponding.FILE_LETTER:
            return None, answering.file_letter(house, outgoing, key, Correspondence.from_dict(what))
    return None, {}


def _submit(house: House, outgoing: OutgoingRow, key: DataKey, what: dict[str, Any]) -> tuple[Item, dict[str, Any]]:
    runtime, tenant_id = house.runtime, outgoing.tenant
    tenant = runtime.tenants.get(tenant_id)
    draft = Draft.from_dict(what["draft"])
    with runtime.database.autocommit() as cursor:
        standing = rows.talk_of(cursor, tenant_id, outgoing.person, key)
    if standing is None:
        raise LookupError("a draft without a conversation")
    try:
        complaint = complaint_of(
            draft,
            channel=filed_by(tenant.sop, what["channel"]),
            phone=standing.phone,
            contacts=_contacts(house, outgoing, what["channel"], draft.account, standing),
            now=runtime.clock.now(),
            zone=tenant.zone,
        )
        receipt = receipt_of(house, outgoing, complaint, standing.talk.language)
    except Unavailable:
        raise
    except AduanError as error:
        return NotFiled(catalogue().sentence(error, standing.talk.language), _field_of(error), draft), {}
    kept = {
        "dossier": receipt.id,
        "ticket": receipt.ticket,
        "code": receipt.code,
        "title": receipt.title,
        "messages": [piece.id for piece in draft.pieces],
    }
    TALK_FILED.labels(what["channel"], "left" if what.get("left") else "confirmed").inc()
    return Filed(receipt.ticket, receipt.code, receipt.due, receipt.id, draft), {"own": kept}


def _file_post(house: House, outgoing: OutgoingRow, key: DataKey, what: dict[str, Any]) -> dict[str, Any]:
    """File what a program posted, unless that was done meanwhile, with its files."""
    try:
        receipt = receipt_of(house, outgoing, what["complaint"])
    except Unavailable:
        raise
    except AduanError as error:
        log.warning("a post could not be filed", extra={"tenant": outgoing.tenant, "code": error.code})
        return {"forget": what["files"]}
    own = rows.Owned(UUID(receipt.id), receipt.ticket, receipt.code, receipt.title)
    for file in what["files"]:
        try:
            add_file(house, outgoing, key, own, file)
        except Unavailable:
            raise
        except AduanError as error:  # as when it is posted: the complaint is filed, and this is no part of it
            log.info("a file of a post was not taken", extra={"tenant": outgoing.tenant, "code": error.code})
    return {"forget": what["files"]}


def _contacts(
    house: House, outgoing: OutgoingRow, channel: str, account: str, standing: rows.TalkStanding
) -> list[str]:
    """How letters find them: as they write, and by SMS where their provider vouches for a number."""
    found = [contact(channel, account, outgoing.person, standing.to)]
    for spec in house.channels.book(outgoing.tenant).channels if standing.phone else ():
        by_sms = house.channels.find(outgoing.tenant, spec.id) if spec.kind == _SMS and spec.id != channel else None
        if by_sms is not None and by_sms.account is not None:
            found.append(contact(spec.id, by_sms.account, outgoing.person, str(standing.phone)))
    return found


def _field_of(error: AduanError) -> str:
    """The one field that was wrong; blank if it was none, or several."""
    fields = [*(error.fields or ())] if isinstance(error, Invalid) else []
    return fields[0] if len(fields) == 1 else ""


def _act(house: House, outgoing: OutgoingRow, key: DataKey, what: dict[str, Any]) -> tuple[Item, dict[str, Any]]:
    """One of the reporter's actions, with its files before it: whoever looks then has them."""
    tenant_id, ticket, action = outgoing.tenant, what["ticket"], what["action"]
    with house.runtime.database.autocommit() as cursor:
        own = next(iter(rows.named_dossiers(cursor, tenant_id, outgoing.person, key, [ticket])), None)
    if own is None:
        return NotDone(ticket, action, ""), {"forget": what["media"]}
    without, left = "", 0
    try:
        for file in what["media"]:
            try:
                add_file(house, outgoing, key, own, file)
            except Unavailable:
                raise
            except AduanError as error:  # the words, and the others, are taken all the same
                left += 1
                if action in _FILES and left == len(what["media"]):
                    raise
                without = catalogue().sentence(error, _LANGUAGE)
        if action not in _FILES:
            fields = what["fields"] or ({"reason": _WHY[action]} if action in _WHY else {})
            reporter_acts(
                house.ask,
                _ADDING.get(action, action),
                tenant=tenant_id,
                ticket=own.ticket,
                code=own.code,
                fields=fields,
                correlation_id=outgoing.correlation_id,
                key=str(outgoing.id),
            )
    except Unavailable:
        raise
    except AduanError as error:
        return NotDone(ticket, action, catalogue().sentence(error, _LANGUAGE)), {"forget": what["media"]}
    return Done(ticket, action, without), {"forget": what["media"]}


def finish(house: House, outgoing: OutgoingRow, key: DataKey | None, result: Result | None) -> None:
    """Write down that it is done, with what the conversation makes of it, both or neither."""
    tenant_id, person = outgoing.tenant, outgoing.person
    item, kept = result or (None, {})
    standing = world = None
    if item is not None and key is not None:
        with house.runtime.database.autocommit() as cursor:
            standing = rows.talk_of(cursor, tenant_id, person, key)
        world = world_of(house, tenant_id, key, standing) if standing else None
    with house.runtime.database.transaction() as cursor:
        if not rows.lock(cursor, tenant_id, person):
            outgoing_rows.again(cursor, outgoing.id, timedelta(milliseconds=100))
            return
        if not outgoing_rows.finished(cursor, outgoing.id, person):
            return
        if "own" in kept and key is not None:
            own = kept["own"]
            rows.own_dossier(
                cursor,
                tenant_id,
                key,
                UUID(own["dossier"]),
                own["ticket"],
                {name: own[name] for name in ("code", "title", "messages")},
                house.runtime.clock.now(),
            )
        if kept.get("forget"):
            media.forget(cursor, kept["forget"])
        if key is not None:
            for place, (kind, then) in enumerate(kept.get("then", ())):
                to_do(cursor, uuid5(outgoing.id, str(place)), tenant_id, key, kind, then, outgoing.request)
        if item is None or key is None or world is None:
            return
        standing = rows.talk_of(cursor, tenant_id, person, key)
        if standing is not None:
            advance(
                house, cursor, tenant_id, key, standing, [item], world, StepCause(str(outgoing.id), outgoing.request)
            )
