"""What is done with a letter: handed to the complaint that it answers, else filed as one; and what is written back."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from channels import rows
from channels.conversing import House
from channels.corresponding import FILE_LETTER, UNSAID, is_flooding
from channels.filing import add_file, receipt_of
from channels.letters import Correspondence
from channels.mapping import complaint_of_letter, contact
from channels.outgoing_rows import OutgoingRow
from channels.services import reporter_acts
from shared.application.files.limits import limits
from shared.base.errors import AduanError, Unavailable
from shared.channels.talk import hearing
from shared.channels.talk.world import Say
from shared.channels.wishes import SPARE_ME, proof, proven
from shared.domain.sealing import DataKey
from shared.domain.sop import engine
from shared.platform.purposes import Lasting
from shared.wording.catalogue import catalogue

log = logging.getLogger(__name__)

_LANGUAGE: Final = "id"
_WISHES: Final = frozenset({"quiet", "unquiet"})
_OURS: Final = frozenset({"berhenti", "mulai"})
"""The words that our letters name for that; of others, "stop", a short complaint may be the subject."""
_AGAIN: Final = "MULAI"
_UNASKED: Final = "add"
"""The action by which a complaint takes what it did not ask for."""
_SIGNATURE: Final = 200
"""Characters: so long is what a mail program, or a signature, adds to a mail that has but a subject."""
_BY_ITSELF: Final = "(Balasan otomatis dari kotak surat pelapor.)"
_MOST_BY_ITSELF: Final = 1000
"""Characters of what a mailbox writes by itself: when its owner is back stands at its beginning."""
_RECEIPTS: Final = {
    (False, False): "filed",
    (False, True): "filed_with_refused_files",
    (True, False): "letter_filed_incomplete",
    (True, True): "letter_filed_incomplete_without_files",
}
"""What a receipt says, by whether something is missing that the procedure requires, and whether files were refused."""

Done = dict[str, Any]
"""What is kept of what was done: ``own``, ``forget`` and ``then``, see :mod:`channels.doing`."""


def answer(house: House, outgoing: OutgoingRow, key: DataKey, letter: Correspondence) -> Done:
    """Deal with a letter, as far as that depends on what it answers; filing it is the next thing to be done.

    :raises Unavailable: if it may be done later.
    """
    if letter.by_itself:
        _note_absence(house, outgoing, key, letter)
        return {"forget": list(letter.media)}
    if not letter.whole:
        return {"then": _said(house, outgoing, letter, Say("letter_too_large"))}
    if not letter.text and not letter.subject and not letter.media:
        return {"then": _said(house, outgoing, letter, Say("letter_empty"))}
    proved = proven(
        house.runtime.key(Lasting.WISHES_BY_MAIL), outgoing.tenant, letter.to, f"{letter.subject}\n{letter.text}"
    )
    wish = _wish(letter, proved)
    found = _answered(house, outgoing, key, letter)
    said = _hand_in(house, outgoing, key, letter, found, asked=bool(wish)) if found and not (wish and proved) else None
    if said is not None:
        return {"then": _said(house, outgoing, letter, said), "forget": list(letter.media)}
    if wish and not (letter.verified or proved or found):
        return {"then": _asked_to_prove(house, outgoing, letter, wish)}
    if wish:
        then = ("quiet", {"on": wish == "quiet"})
        return {"then": [then, *_said(house, outgoing, letter, Say(wish))]}
    if found is None:
        named = next(iter(_owned(house, outgoing, key, _named(house, outgoing, letter))), None)
        return {"then": [(FILE_LETTER, {**letter.to_dict(), "ticket": named.ticket if named else ""})]}
    if _only_nods(letter) and not letter.media:
        return {}
    return {"then": [(FILE_LETTER, {**letter.to_dict(), "ticket": found.ticket})]}


def file_letter(house: House, outgoing: OutgoingRow, key: DataKey, letter: Correspondence) -> Done:
    """File a letter as a complaint, with its files.

    :raises Unavailable: if it may be done later.
    """
    try:
        tenant = house.runtime.tenants.get(outgoing.tenant)
        complaint = complaint_of_letter(
            letter,
            known=tenant.sop,
            contact=contact(letter.channel, letter.account, outgoing.person, letter.to),
            now=house.runtime.clock.now(),
            zone=tenant.zone,
        )
        receipt = receipt_of(house, outgoing, complaint)
    except Unavailable:
        raise
    except AduanError as error:
        return not_filed(house, outgoing, letter, catalogue().sentence(error, _LANGUAGE))
    own = rows.Owned(UUID(receipt.id), receipt.ticket, receipt.code, receipt.title)
    not_added = _add_files(house, outgoing, key, letter, own)
    refused = letter.refused + not_added
    had = {**complaint, "attachments": complaint.get("attachments", [])[not_added:]}
    missing = house.channels.phrases(outgoing.tenant).fields(engine.missing(tenant.sop, had))
    values = {"ticket": own.ticket, "code": own.code, "due": receipt.due, "why": missing}
    said = Say(_RECEIPTS[bool(missing), bool(refused)], values, about=own.ticket, receipt=receipt.id)
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


def _note_absence(house: House, outgoing: OutgoingRow, key: DataKey, letter: Correspondence) -> None:
    """Note for the desk what somebody's mailbox answered for them, where a complaint waits for them; else nothing.

    :raises Unavailable: if it may be done later.
    """
    found = _answered(house, outgoing, key, letter)
    if found is None or not letter.text:
        return
    if not _waits(house, outgoing, found):
        return
    try:
        noted = {"text": f"{_BY_ITSELF}\n{letter.text[:_MOST_BY_ITSELF]}"}
        _act(house, outgoing, found, _UNASKED, noted, aside=True)
    except Unavailable:
        raise
    except AduanError as error:
        log.info("an absence could not be noted", extra={"tenant": outgoing.tenant, "code": error.code})


def not_filed(house: House, outgoing: OutgoingRow, letter: Correspondence, why: str) -> Done:
    """Tell the sender of a letter that it could not be filed.

    :param why: a sentence.
    """
    said = Say("letter_not_filed", {"why": why})
    return {"then": _said(house, outgoing, letter, said), "forget": list(letter.media)}


def _answered(house: House, outgoing: OutgoingRow, key: DataKey, letter: Correspondence) -> rows.Owned | None:
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
        tickets += _named(house, outgoing, letter)
    return next(iter(_owned(house, outgoing, key, tickets)), None)


def _named(house: House, outgoing: OutgoingRow, letter: Correspondence) -> list[str]:
    """The tickets that stand in its subject."""
    return hearing.tickets_in(letter.subject, house.runtime.tenants.get(outgoing.tenant).ticket_prefixes)


def _owned(house: House, outgoing: OutgoingRow, key: DataKey, tickets: Sequence[str]) -> list[rows.Owned]:
    """Those of the tickets that are the sender's own, in their order."""
    if not tickets:
        return []
    with house.runtime.database.autocommit() as cursor:
        return rows.named_dossiers(cursor, outgoing.tenant, outgoing.person, key, tickets)


def _wish(letter: Correspondence, proved: str) -> str:
    """Whether its sender wants to be spared what answers nothing, or no longer: as a keyword; blank if neither.

    :param proved: which of the two they have proved to be theirs.
    """
    if letter.media:
        return ""
    if proved and len(letter.text) <= _SIGNATURE:
        return proved
    said = [letter.text] if letter.text else [letter.subject]
    if len(letter.text) <= _SIGNATURE and hearing.words_of(letter.subject) in _OURS:
        said.append(letter.subject)
    return next((wish for each in said if (wish := hearing.keyword(each)) in _WISHES), "")


def _act(
    house: House, outgoing: OutgoingRow, own: rows.Owned, action: str, fields: Mapping[str, Any], **how: bool
) -> None:
    """Do one of the reporter's actions for them, once for each letter.

    :param how: what the action is besides, where it is: an intake of the version before knows no such words.
    """
    reporter_acts(
        house.ask,
        action,
        tenant=outgoing.tenant,
        ticket=own.ticket,
        code=own.code,
        fields=fields,
        correlation_id=outgoing.correlation_id,
        key=str(outgoing.id),
        **how,
    )


def _hand_in(
    house: House,
    outgoing: OutgoingRow,
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
            _act(house, outgoing, own, action, fields)
        except Unavailable:
            raise
        except AduanError as error:
            if error.code == "system_at_work":  # in a moment somebody holds it
                raise Unavailable(error.code) from None
            continue  # not now, or not so: the next may fit, and what fits nothing is filed
        refused = letter.refused + _add_files(house, outgoing, key, letter, own)
        done = "done_without_files" if refused else f"done_{action}"
        return Say(done, {"ticket": own.ticket}, about=own.ticket)
    if letter.media and not letter.text:
        refused = _add_files(house, outgoing, key, letter, own)
        if refused < len(letter.media):
            whole = "done_files_wait" if _waits(house, outgoing, own) else "done_files"
            done = "done_files_in_part" if refused or letter.refused else whole
            return Say(done, {"ticket": own.ticket}, about=own.ticket)
    return None


def _waits(house: House, outgoing: OutgoingRow, own: rows.Owned) -> bool:
    """Whether a complaint waits for words of its reporter."""
    known = house.ask("intake", "standing", tenant=outgoing.tenant, dossiers=[str(own.dossier)])
    return "supplement" in known.get(str(own.dossier), {}).get("actions", ())


def _actions(letter: Correspondence) -> list[tuple[str, Mapping[str, Any]]]:
    if not letter.text:
        return []
    rating = hearing.mark(letter.text)
    found: list[tuple[str, Mapping[str, Any]]] = []
    if rating:
        score, comment = rating
        found.append(("rate", {"score": score, **({"comment": comment} if comment else {})}))
    if not _only_nods(letter) or hearing.is_assent(letter.text):
        found.append(("supplement", {"message": letter.text}))
    if not _only_nods(letter):
        found += [("reply", {"text": letter.text}), (_UNASKED, {"text": letter.text})]
    return found


def _only_nods(letter: Correspondence) -> bool:
    """Whether its words are thanks, a yes or a sign; a yes completes a complaint that was returned with a question."""
    return hearing.is_thanks(letter.text) or hearing.is_wordless(letter.text)


def _add_files(house: House, outgoing: OutgoingRow, key: DataKey, letter: Correspondence, own: rows.Owned) -> int:
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


def _asked_to_prove(
    house: House, outgoing: OutgoingRow, letter: Correspondence, wish: str
) -> list[tuple[str, dict[str, Any]]]:
    """Ask whether the wish is theirs: anybody can write in anybody's name, but only they read what is written there."""
    word = SPARE_ME if wish == "quiet" else _AGAIN
    whole = f"{word} {proof(house.runtime.key(Lasting.WISHES_BY_MAIL), outgoing.tenant, letter.to)}"
    return _said(house, outgoing, letter, Say(f"prove_{wish}", {"text": word}), subject=whole)


def _said(
    house: House, outgoing: OutgoingRow, letter: Correspondence, say: Say, *, subject: str = ""
) -> list[tuple[str, dict[str, Any]]]:
    """The answer to a letter, in its thread; none to who writes like a machine, of whose receipt others are told."""
    if is_flooding(house, outgoing.tenant, letter.channel, outgoing.person):
        unsaid = {"channel": letter.channel, "account": letter.account, "receipt": say.receipt}
        return [(UNSAID, unsaid)] if say.receipt else []
    portal = f"{house.runtime.settings.public_address}/{outgoing.tenant}"
    common = {
        "government": house.runtime.tenants.get(outgoing.tenant).name,
        "portal": portal,
        "link": f"{portal}/lacak/{say.about}" if say.about else portal,
    }
    phrases = house.channels.phrases(outgoing.tenant)
    common["takes"] = phrases.takes(limits(house.runtime.settings))
    words = phrases.worded(say, common, short=False, pressed=0)
    topic = letter.topic or "Aduan Anda"
    said = {
        "channel": letter.channel,
        "account": letter.account,
        "to": letter.to,
        "text": words.text,
        "choices": [],
        "about": say.about,
        "subject": subject or f"Re: {topic}",
        "quotes": letter.message_id,
        **({"receipt": say.receipt} if say.receipt else {}),
    }
    return [("say", said)]
