"""What is done with a letter: handed to the complaint that it answers, else filed as one; and what is written back."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from channels import rows
from channels.conversing import House
from channels.corresponding import FILE_LETTER, is_flooding
from channels.filing import add_file, receipt_of
from channels.letters import Correspondence
from channels.mapping import complaint_of_letter, contact
from shared.base.errors import AduanError, Unavailable
from shared.channels.talk import hearing
from shared.channels.talk.world import Say
from shared.domain.sealing import DataKey
from shared.wording.catalogue import catalogue

_LANGUAGE: Final = "id"
_RATING: Final = re.compile(r"\s*([1-5])(?:[\s,.:;/-]+(.{0,2000}))?\s*\Z", re.DOTALL)
_WISHES: Final = frozenset({"quiet", "unquiet"})
_OURS: Final = frozenset({"berhenti", "mulai"})
"""The words that our letters name for that; of others, "stop", a short complaint may be the subject."""
_UNASKED: Final = "add"
"""The action by which a complaint takes what it did not ask for."""
_SIGNATURE: Final = 200
"""Characters: so long is what a mail program, or a signature, adds to a mail that has but a subject."""
_REMEMBERED: Final = timedelta(days=10_000)

Done = dict[str, Any]
"""What is kept of what was done: ``own``, ``forget`` and ``then``, see :mod:`channels.doing`."""


def answer(house: House, outgoing: rows.OutgoingRow, key: DataKey, letter: Correspondence) -> Done:
    """Deal with a letter, as far as that depends on what it answers; filing it is the next thing to be done.

    :raises Unavailable: if it may be done later.
    """
    if not letter.whole:
        return {"then": _said(house, outgoing, letter, Say("letter_too_large"))}
    if not letter.text and not letter.subject and not letter.media:
        return {"then": _said(house, outgoing, letter, Say("letter_empty"))}
    wish = _wish(letter)
    found = _answered(house, outgoing, key, letter)
    said = _hand_in(house, outgoing, key, letter, found, asked=bool(wish)) if found else None
    if said is not None:
        return {"then": _said(house, outgoing, letter, said), "forget": list(letter.media)}
    if wish:
        then = ("quiet", {"on": wish == "quiet"})
        return {"then": [then, *_said(house, outgoing, letter, Say(wish))]}
    if found is None:
        return {"then": [(FILE_LETTER, letter.to_dict())]}
    if hearing.is_thanks(letter.text) and not letter.media:
        return {}
    return {"then": [(FILE_LETTER, {**letter.to_dict(), "ticket": found.ticket})]}


def file_letter(house: House, outgoing: rows.OutgoingRow, key: DataKey, letter: Correspondence) -> Done:
    """File a letter as a complaint, with its files.

    :raises Unavailable: if it may be done later.
    """
    try:
        complaint = complaint_of_letter(
            letter,
            known=house.runtime.tenants.get(outgoing.tenant).sop,
            contact=contact(letter.channel, letter.account, outgoing.person, letter.to),
            now=house.runtime.clock.now(),
        )
        receipt = receipt_of(house, outgoing, complaint)
    except Unavailable:
        raise
    except AduanError as error:
        why = catalogue().sentence(error, _LANGUAGE)
        return {
            "then": _said(house, outgoing, letter, Say("letter_not_filed", {"why": why})),
            "forget": list(letter.media),
        }
    own = rows.Owned(UUID(receipt.id), receipt.ticket, receipt.code, receipt.title)
    refused = letter.refused + _add_files(house, outgoing, key, letter, own)
    values = {"ticket": own.ticket, "code": own.code, "due": receipt.due}
    said = Say("filed_with_refused_files" if refused else "filed", values, about=own.ticket)
    return {
        "own": {
            "dossier": receipt.id,
            "ticket": own.ticket,
            "code": own.code,
            "title": own.title,
            "messages": [letter.id],
        },
        "then": _said(house, outgoing, letter, said),
        "forget": list(letter.media),
    }


def _answered(house: House, outgoing: rows.OutgoingRow, key: DataKey, letter: Correspondence) -> rows.Owned | None:
    """The complaint that a letter belongs to: by what it answers, else by the ticket in its subject.

    Only its reporter gets there: the letter that is answered was theirs, by its address; or the complaint is.
    """
    quotes = list(letter.quotes)
    if quotes:
        found = house.ask("notify", "answered", tenant=outgoing.tenant, letters=quotes, address=letter.to)
        if found:
            return rows.Owned(UUID(found["dossier"]), found["ticket"], found["code"], "")
    tickets = []
    if quotes:
        about = house.ask("notify", "about", tenant=outgoing.tenant, letters=quotes)
        tickets = [about[each] for each in quotes if each in about]
    if letter.verified:
        prefixes = house.runtime.tenants.get(outgoing.tenant).ticket_prefixes
        tickets += hearing.tickets_in(letter.subject, prefixes)
    if not tickets:
        return None
    with house.runtime.database.autocommit() as cursor:
        since = house.runtime.clock.now() - _REMEMBERED
        owned = rows.dossiers_of(cursor, outgoing.tenant, outgoing.person, key, since)
    return next((each for ticket in tickets for each in owned if each.ticket == ticket), None)


def _wish(letter: Correspondence) -> str:
    """Whether its sender wants to be spared what answers nothing, or no longer: as a keyword; blank if neither.

    Of whom the mailbox's server does not vouch for nothing of the kind is heeded: anybody could silence anybody.
    """
    if letter.media or not letter.verified:
        return ""
    said = [letter.text] if letter.text else [letter.subject]
    if len(letter.text) <= _SIGNATURE and hearing.words_of(letter.subject) in _OURS:
        said.append(letter.subject)
    return next((wish for each in said if (wish := hearing.keyword(each)) in _WISHES), "")


def _hand_in(
    house: House,
    outgoing: rows.OutgoingRow,
    key: DataKey,
    letter: Correspondence,
    own: rows.Owned,
    *,
    asked: bool = False,
) -> Say | None:
    """Give a complaint what was written for it; what is said then, none if it cannot take it now.

    What it takes is tried, not looked up: a letter that it took before is known by its key, and taken once.

    :param asked: whether it is to take only what it waits for.
    """
    for action, fields in _actions(letter):
        if asked and action == _UNASKED:
            continue
        try:
            house.ask(
                "intake",
                "reporter_act",
                tenant=outgoing.tenant,
                ticket=own.ticket,
                code=own.code,
                action=action,
                fields=fields,
                correlation_id=str(outgoing.id),
                key=str(outgoing.id),
            )
        except Unavailable:
            raise
        except AduanError as error:
            if error.code == "system_at_work":  # in a moment somebody holds it
                raise Unavailable(error.code) from None
            continue  # not now, or not so: the next may fit, and what fits nothing is filed
        _add_files(house, outgoing, key, letter, own)
        return Say(f"done_{action}", {"ticket": own.ticket}, about=own.ticket)
    if letter.media and not letter.text:
        refused = _add_files(house, outgoing, key, letter, own)
        if refused < len(letter.media):
            return Say("done_files", {"ticket": own.ticket}, about=own.ticket)
    return None


def _actions(letter: Correspondence) -> list[tuple[str, Mapping[str, Any]]]:
    if not letter.text:
        return []
    rating = _RATING.match(letter.text)
    found: list[tuple[str, Mapping[str, Any]]] = []
    if rating:
        comment = (rating[2] or "").strip()
        found.append(("rate", {"score": int(rating[1]), **({"comment": comment} if comment else {})}))
    if not hearing.is_thanks(letter.text):
        found += [
            ("supplement", {"message": letter.text}),
            ("reply", {"text": letter.text}),
            (_UNASKED, {"text": letter.text}),
        ]
    return found


def _add_files(house: House, outgoing: rows.OutgoingRow, key: DataKey, letter: Correspondence, own: rows.Owned) -> int:
    """Add a letter's files to a complaint; how many it would not have."""
    refused = 0
    for file in letter.media:
        try:
            add_file(house, outgoing, key, own, file)
        except Unavailable:
            raise
        except AduanError:
            refused += 1
    return refused


def _said(
    house: House, outgoing: rows.OutgoingRow, letter: Correspondence, say: Say
) -> list[tuple[str, dict[str, Any]]]:
    """The answer to a letter, in its thread; none to who writes like a machine."""
    if is_flooding(house, outgoing.tenant, letter.channel, outgoing.person):
        return []
    portal = f"{house.runtime.settings.public_address}/{outgoing.tenant}"
    common = {
        "government": house.runtime.tenants.get(outgoing.tenant).name,
        "portal": portal,
        "link": f"{portal}/lacak/{say.about}" if say.about else portal,
    }
    words = house.channels.phrases(outgoing.tenant).worded(say, common, short=False, pressed=0)
    topic = letter.topic or "Aduan Anda"
    said = {
        "channel": letter.channel,
        "account": letter.account,
        "to": letter.to,
        "text": words.text,
        "choices": [],
        "about": say.about,
        "subject": f"Re: {topic}",
        "quotes": letter.message_id,
    }
    return [("say", said)]
