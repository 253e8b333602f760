"""What was given up, thrown away by somebody's decision: who waits for it is told that it did not succeed."""

from typing import Any, Final
from uuid import UUID

from channels import answering, corresponding, outgoing_rows, rows
from channels.conversing import House
from channels.doing import Result, finish
from channels.letters import Correspondence
from channels.outgoing_rows import OutgoingRow
from shared.base.errors import AduanError
from shared.channels import posts
from shared.channels.talk.state import Draft
from shared.channels.talk.world import NotDone, NotFiled
from shared.domain.sealing import DataKey
from shared.wording.catalogue import catalogue

_LANGUAGE: Final = "id"
_LETTERS: Final = (corresponding.LETTER, corresponding.FILE_LETTER)


def drop(house: House, tenant: str, id_: UUID) -> bool:
    """Throw away something that was given up; false if nothing of that id is, or its person is being answered now.

    A receipt that nobody said goes as a letter, by the next way.
    """
    outgoing = _find(house, tenant, id_)
    if outgoing is None:
        return False
    key = house.runtime.vault.key_of(outgoing.person)
    finish(house, outgoing, key, _instead(house, outgoing, key) if key is not None else None)
    return _find(house, tenant, id_) is None


def _find(house: House, tenant: str, id_: UUID) -> OutgoingRow | None:
    with house.runtime.database.autocommit() as cursor:
        return outgoing_rows.find_given_up(cursor, tenant, id_)


def _instead(house: House, outgoing: OutgoingRow, key: DataKey) -> Result:
    """What comes of it in place of what was to be done."""
    what = outgoing.opened(key)
    match outgoing.kind:
        case "submit":
            with house.runtime.database.autocommit() as cursor:
                standing = rows.talk_of(cursor, outgoing.tenant, outgoing.person, key)
            language = standing.talk.language if standing else _LANGUAGE
            return NotFiled(_why(outgoing, language), draft=Draft.from_dict(what["draft"])), {}
        case "act":
            return NotDone(what["ticket"], what["action"], _why(outgoing, _LANGUAGE)), {"forget": what["media"]}
        case "say" if what.get("receipt"):
            unsaid: dict[str, Any] = {name: what[name] for name in ("channel", "account", "receipt")}
            return None, {"then": [(corresponding.UNSAID, unsaid)]}
        case kind if kind in _LETTERS:
            letter = Correspondence.from_dict(what)
            if letter.by_itself:  # a mailbox that is answered would answer again
                return None, {"forget": list(letter.media)}
            return None, answering.not_filed(house, outgoing, letter, _why(outgoing, _LANGUAGE))
        case posts.POST:
            return None, {"forget": what["files"]}
    return None, {}


def _why(outgoing: OutgoingRow, language: str) -> str:
    error = AduanError("internal_error", {"request": outgoing.correlation_id})
    return catalogue().sentence(error, language)
