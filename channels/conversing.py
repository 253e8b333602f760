"""One person's turn: what they wrote is read, thought about, and answered by what is written down to be done."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid5

from channels import rows
from channels.hearing import read_new, without_letters
from channels.joining import Read
from channels.mapping import day_text
from channels.services import Services
from shared.application.files.limits import limits
from shared.application.runtime import Runtime
from shared.base.times import from_iso, to_iso
from shared.channels.incoming import Heard
from shared.channels.installed import Channels
from shared.channels.outgoing import to_do
from shared.channels.talk.state import Language, Talk
from shared.channels.talk.step import step
from shared.channels.talk.world import (
    Act,
    Effect,
    ForgetFiles,
    Item,
    Own,
    Quiet,
    Say,
    Submit,
    Woken,
    World,
)
from shared.domain.classifying.classify import classify
from shared.domain.sealing import DataKey
from shared.domain.tenants import Tenant
from shared.platform import tracing
from shared.platform.metrics import TALK_BRAKED, TALK_SECONDS

log = logging.getLogger(__name__)

_NAMESPACE: Final = UUID("0d2c6e55-6d0c-5f43-9a0b-7f4b5f0f6a51")
_REMEMBERED: Final = timedelta(days=180)
"""Beyond that a number may be somebody else's by now: older complaints need their tracking code, and what its owner was
called is offered to nobody."""


@dataclass(frozen=True)
class House:
    """What the worker works with.

    :param ask: the services.
    """

    runtime: Runtime
    channels: Channels
    ask: Services


@dataclass(frozen=True)
class StepCause:
    """What brings a step of a conversation about.

    :param id: by which it is known again.
    :param request: the id of the request that delivered what was written last; none if nobody wrote.
    :param seen: the id of what was written last; blank if nobody wrote.
    """

    id: str
    request: UUID | None
    seen: str = ""


def converse(house: House, tenant_id: str, person: UUID) -> bool:
    """Answer what a person wrote, or that they did not; whether there was anything."""
    runtime = house.runtime
    key = runtime.vault.key_of(person)
    if key is None:
        return False  # forgotten meanwhile
    with runtime.database.autocommit() as cursor:
        fresh = without_letters(house.channels, tenant_id, rows.new_of(cursor, tenant_id, person))
    read = read_new(runtime, house.channels, tenant_id, key, fresh)
    if read is None:
        return False
    usable = [(each, each.heard, each.message) for each in read if each.heard is not None and each.message is not None]
    latest = usable[-1][1] if usable else None
    with runtime.database.autocommit() as cursor:
        before = rows.talk_of(cursor, tenant_id, person, key)
    given = next((heard.number for _, heard, _ in reversed(usable) if heard.number), "")
    standing = _standing(before, usable[-1][0].row.channel if usable else "", latest, given, runtime.clock.now())
    if standing is None:
        with runtime.database.transaction() as cursor:
            _give_up(cursor, tenant_id, read)
        return bool(read)
    quoted = [message.quotes for _, _, message in usable if message.quotes]
    world = world_of(house, tenant_id, key, standing, quoted)
    items: list[Item] = [message for _, _, message in usable] or [Woken()]
    ids = "\n".join(each.row.message_id for each, _, _ in usable) or f"woken {standing.talk.wake_at}"
    last = usable[-1][0].row if usable else None
    cause = StepCause(ids, last.request if last else None, last.message_id if last else "")
    with (
        tracing.consuming("conversation", _traces(usable)),
        TALK_SECONDS.labels(standing.channel).time(),
        runtime.database.transaction() as cursor,
    ):
        if not rows.lock(cursor, tenant_id, person):
            return False
        kept = without_letters(house.channels, tenant_id, rows.new_of(cursor, tenant_id, person, keep=True))
        known = rows.talk_of(cursor, tenant_id, person, key)
        if [row.message_id for row in kept][: len(fresh)] != [row.message_id for row in fresh]:
            return True  # another process was faster, or something older came: think again
        if (known.talk if known else None) != (before.talk if before else None):
            return True
        for each, heard, _ in usable:
            row = each.row
            at = min(row.provider_at, runtime.clock.now())  # nobody has written tomorrow
            what = {"channel": row.channel, "account": row.account, "to": heard.sender.to}
            kind = "moved" if heard.kind == "moved" else "heard"
            what |= {"at": to_iso(at)} if kind == "heard" else {}  # their provider's word is none of theirs
            id_ = uuid5(_NAMESPACE, f"heard {tenant_id} {row.message_id}")
            to_do(cursor, id_, tenant_id, key, kind, what, row.request)
        _give_up(cursor, tenant_id, [each for each in read if each.message is None])
        rows.done_with(cursor, tenant_id, [row for each, _, _ in usable for row in each.rows])
        advance(house, cursor, tenant_id, key, standing, items, world, cause)
    return True


def advance(
    house: House,
    cursor: Any,
    tenant_id: str,
    key: DataKey,
    standing: rows.TalkStanding,
    items: Sequence[Item],
    world: World,
    cause: StepCause,
) -> None:
    """Take a step, and write down where the conversation stands then and what is to be done."""
    talk, effects = step(standing.talk, items, world, house.runtime.clock.now())
    TALK_BRAKED.labels(standing.channel).inc(talk.brake.dropped - standing.talk.brake.dropped)
    standing = replace(standing, talk=talk)
    rows.keep_talk(cursor, tenant_id, key.dossier, key, standing)
    answers = [place for place, effect in enumerate(effects) if isinstance(effect, Say)]
    for place, effect in enumerate(effects):
        kind, what = _written(house, tenant_id, standing, effect)
        if cause.seen and place in answers[:1] and _shows_seen(house, tenant_id, standing):
            what["seen"] = cause.seen
        id_ = uuid5(_NAMESPACE, f"{tenant_id} {key.dossier} {place}\n{cause.id}")
        to_do(cursor, id_, tenant_id, key, kind, what, cause.request)


def _shows_seen(house: House, tenant_id: str, standing: rows.TalkStanding) -> bool:
    channel = house.channels.find(tenant_id, standing.channel)
    return channel is not None and standing.account in channel.seeing


def world_of(
    house: House, tenant_id: str, key: DataKey, standing: rows.TalkStanding, quoted: Sequence[str] = ()
) -> World:
    """What a step is told.

    :param quoted: ids of letters that a message quotes.
    :raises Unavailable: if a service that knows does not answer.
    """
    runtime = house.runtime
    tenant, book = runtime.tenants.get(tenant_id), house.channels.book(tenant_id)
    channel = house.channels.find(tenant_id, standing.channel)
    carrier = channel.carriers.get(standing.account) if channel else None
    short = carrier is not None and carrier.traits.short
    about = {}
    if quoted:
        about = house.ask("notify", "about", tenant=tenant_id, letters=list(quoted))
    own = _own(house, tenant, key, standing.talk.language)
    tickets = {each.ticket for each in own}
    return World(
        account=standing.account,
        required=tenant.sop.requires,
        categories=_categories(tenant, standing.talk),
        places=tenant.entries.places,
        own=own,
        quoted={letter: ticket for letter, ticket in about.items() if ticket in tickets},
        name=standing.name,
        files=carrier.traits.files if carrier else True,
        pressed=carrier.traits.choices if carrier else 0,
        number=bool(standing.phone),
        shares_number=carrier is not None and carrier.traits.numbers,
        asks_privacy=not short,
        prefixes=tenant.ticket_prefixes,
        area=book.area,
        file_unfinished_after=book.conversation.file_unfinished_after,
        forget_draft_after=book.conversation.forget_draft_after,
    )


def _categories(tenant: Tenant, talk: Talk) -> tuple[str, ...]:
    """What may be chosen, first what the words of the draft are most likely about."""
    listed = tuple(dict.fromkeys(each for agency in tenant.agencies for each in agency.categories))
    if talk.draft is None or "category" not in tenant.sop.requires:
        return listed
    likely = classify(tenant.sop.classification, talk.draft.text).category
    return (likely, *(each for each in listed if each != likely)) if likely in listed else listed


def _own(house: House, tenant: Tenant, key: DataKey, language: Language) -> tuple[Own, ...]:
    runtime = house.runtime
    with runtime.database.autocommit() as cursor:
        owned = rows.dossiers_of(cursor, tenant.id, key.dossier, key, runtime.clock.now() - _REMEMBERED)
    if not owned:
        return ()
    known = house.ask("intake", "standing", tenant=tenant.id, dossiers=[str(each.dossier) for each in owned])
    phrases = house.channels.phrases(tenant.id, language)
    found = []
    for each in owned:
        stands = known.get(str(each.dossier))
        if stands is None:
            continue
        due = stands["due_at"]
        found.append(
            Own(
                ticket=each.ticket,
                title=each.title,
                status=phrases.status(stands["status"]),
                actions=tuple(stands["actions"]),
                due=day_text(from_iso(due), tenant.zone, language) if due else "",
                open=not stands["ended"],
                messages=each.messages,
            )
        )
    return tuple(found)


def _standing(
    before: rows.TalkStanding | None, channel: str, latest: Heard | None, given: str, now: datetime
) -> rows.TalkStanding | None:
    """By what the conversation goes on: as the latest message came.

    What somebody called themselves is forgotten when they were silent for long: the number may be another's by now.

    :param given: the number of their telephone, if they have given it.
    """
    if latest is None:
        return before
    sender = latest.sender
    silent = before is not None and before.heard_at is not None and now - before.heard_at > _REMEMBERED
    name = before.name if before and latest.kind != "moved" and not silent else ""
    return rows.TalkStanding(
        talk=before.talk if before else Talk(),
        channel=channel,
        account=latest.account,
        to=sender.to,
        name=sender.name or name,
        phone=sender.ids.get("phone") or given or (before.phone if before else None),
        heard_at=now,
    )


def _traces(usable: Sequence[tuple[Read, Heard, Any]]) -> list[str]:
    return [tracing.root_of(str(each.row.request)) for each, _, _ in usable if each.row.request is not None]


def _give_up(cursor: Any, tenant_id: str, read: Sequence[Read]) -> None:
    rows.odd(cursor, tenant_id, [each.row for each in read], "unreadable")


def _written(house: House, tenant_id: str, standing: rows.TalkStanding, effect: Effect) -> tuple[str, dict[str, Any]]:
    match effect:
        case Say():
            return "say", _said(house, tenant_id, standing, effect)
        case Submit(draft=draft, left=left):
            return "submit", {"draft": draft.to_dict(), "channel": standing.channel, "left": left}
        case Act():
            what = {
                "ticket": effect.ticket,
                "action": effect.action,
                "cause": effect.cause,
                "fields": dict(effect.fields),
                "media": list(effect.media),
            }
            return "act", what
        case ForgetFiles(media=files):
            return "drop", {"media": list(files)}
        case Quiet(on=on):
            return "quiet", {"on": on}


def _said(house: House, tenant_id: str, standing: rows.TalkStanding, say: Say) -> dict[str, Any]:
    channel = house.channels.find(tenant_id, standing.channel)
    carrier = channel.carriers.get(standing.account) if channel else None
    portal = f"{house.runtime.settings.public_address}/{tenant_id}"
    common = {
        "government": house.runtime.tenants.get(tenant_id).name,
        "portal": portal,
        "link": f"{portal}/lacak/{say.about}" if say.about else portal,
    }
    traits = carrier.traits if carrier else None
    phrases = house.channels.phrases(tenant_id, standing.talk.language)
    common["takes"] = phrases.takes(limits(house.runtime.settings))
    words = phrases.worded(say, common, short=bool(traits and traits.short), pressed=traits.choices if traits else 0)
    return {
        "channel": standing.channel,
        "account": standing.account,
        "to": standing.to,
        "text": words.text,
        "choices": [{"id": each.id, "title": each.title} for each in words.choices],
        "about": say.about,
        **({"place": words.place} if words.place else {}),
        **({"number": words.number} if words.number else {}),
        **({"receipt": say.receipt} if say.receipt else {}),
    }
