"""Letters: a message of the ledger, made into a mail from the dossier as it is now."""

import hmac
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from functools import lru_cache
from uuid import UUID, uuid5

from services.notify.ledger import Message
from services.notify.letter import Letter
from services.notify.rules import THE_REPORTER, front_of
from services.notify.values import values_for_officer, values_for_reporter
from shared.application.letter_texts import Edited, worded
from shared.application.runtime import Runtime
from shared.channels.installed import ReturnAddress
from shared.channels.wishes import SPARE_ME, proof
from shared.domain.contacts import Contact
from shared.domain.dossier.clocks import clocks_of
from shared.domain.dossier.contents import complaint_of
from shared.domain.dossier.events import ClockWarned, DossierEvent
from shared.domain.dossier.reaching import must_be_told
from shared.domain.sealing import DataKey
from shared.domain.sop.model import Sop
from shared.domain.tenants import Tenant
from shared.platform.purposes import Lasting
from shared.platform.settings import Settings

ANSWERING = frozenset(
    {"Answered", "Returned", "ComplaintFiled", "Rejected", "Transferred", "Withdrawn", "DataAnswered"}
)
"""What answers something: it is brought at any hour, and to whoever wants to be spared, too."""
_WRITTEN = re.compile(r"\A[^:\s]*@[^:\s]*:([!-;=?-~]{1,200}@[!-;=?-~]{1,200})#[0-9a-f]{12}\Z")
"""The id under which a complaint came as a mail."""
_ATOM = r"[A-Za-z0-9_+-]+"
_PLAIN = re.compile(rf"({_ATOM}(?:\.{_ATOM})*)@({_ATOM}(?:\.{_ATOM})*)")
"""An address in which nothing is quoted, commented or spaced: there is one way to read it (RFC 5322, dot-atom)."""
NO_ADDRESS = "no_address"
BAD_ADDRESS = "bad_address"
ERASED = "erased"
_NAMESPACE = UUID("0f0c2f5e-6f0d-5b8e-9a27-0d6c5a2f7f31")


Holding = Callable[[str, str | None], tuple[Contact, ...]]
"""The officers who act in a role, of an agency or of the government itself."""


def nobody(_actor: str, _agency: str | None) -> tuple[Contact, ...]:
    """Of a government without accounts."""
    return ()


class NoLetter(Exception):
    """There is nothing to send, or nowhere to send it.

    :param reason: the code: ``erased``, ``no_address``, ``bad_address`` or ``overtaken``.
    """

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def letter_for(
    runtime: Runtime,
    tenant: Tenant,
    message: Message,
    events: Sequence[DossierEvent],
    key: DataKey | None,
    now: datetime,
    holding: Holding = nobody,
    back: ReturnAddress | None = None,
    edited: Edited = (),
) -> Letter:
    """The letter of a message.

    :param events: the dossier's whole history.
    :param key: the dossier's key; none if it was destroyed.
    :param holding: the officers who act in a role now.
    :param back: the government's mailbox, if it has one.
    :param edited: the texts that count instead of files.
    :raises NoLetter: if it cannot or need not be sent any more.
    """
    settings = runtime.settings
    event, key = still_to_be_told(message, events, key)
    sop = tenant.sop_of(event.sop_version)
    to_reporter = message.recipient == THE_REPORTER
    complaint = complaint_of(events, key) if to_reporter else {}  # officers are told nothing that lies sealed
    to = addresses_of(tenant, message.recipient, complaint, sop, holding)
    id_ = message_id(runtime, message)
    if to_reporter:
        values = values_for_reporter(
            tenant, events, event, key, settings.public_address, by_mail=back is not None, complaint=complaint
        )
        audience = "reporter"
    else:
        values = values_for_officer(tenant, events, event, message.recipient, settings.public_address)
        audience = "officer"
    text = worded(settings.tenants_dir, tenant.messages, audience, message.template, values, edited)
    return Letter(
        sender=sent_by(tenant.name, back, settings),
        to=to,
        subject=text.subject,
        date=now.astimezone(tenant.zone),
        id=id_,
        thread=_thread(message, complaint, settings),
        text=text.body,
        envelope=back.tagged(tag_of(id_)) if back else None,
        reply_to=back.tagged(tag_of(id_)) if back and back.plus else None,
        unsubscribe=_unsubscribe(runtime, back, tenant, to) if back and to_reporter and may_be_spared(event) else "",
    )


def may_be_spared(event: DossierEvent) -> bool:
    """Whether a letter about an event answers nothing: who wants to be spared such does not get it."""
    return event.type not in ANSWERING and not must_be_told(event)


def _unsubscribe(runtime: Runtime, back: ReturnAddress, tenant: Tenant, to: Sequence[Address]) -> str:
    """What a mail program writes to, when its reader wants no more of these: with the proof that it is its reader."""
    said = SPARE_ME
    if len(to) == 1:
        said += f"%20{proof(runtime.key(Lasting.WISHES_BY_MAIL), tenant.id, to[0].addr_spec)}"
    return f"mailto:{back.address}?subject={said}"


def still_to_be_told(
    message: Message, events: Sequence[DossierEvent], key: DataKey | None
) -> tuple[DossierEvent, DataKey]:
    """The event that a message tells of, and the dossier's key.

    :raises NoLetter: ``erased``; ``overtaken``, of a warning about a clock that runs no more.
    """
    if key is None:
        raise NoLetter(ERASED)
    event = events[message.version - 1]
    if isinstance(event, ClockWarned) and not _runs(events, event.clock):
        raise NoLetter("overtaken")
    return event, key


def addresses_of(
    tenant: Tenant, recipient: str, complaint: Mapping[str, object], sop: Sop, holding: Holding
) -> tuple[Address, ...]:
    """Where a recipient is written to; each address once.

    :param sop: the version under which the dossier runs: it knows who receives in an agency.
    :param holding: the officers who act in a role now.
    :raises NoLetter: if we know no address, or none that is one.
    """
    if recipient == THE_REPORTER:
        reporter = complaint.get("reporter")
        email = str(reporter.get("email") or "") if isinstance(reporter, Mapping) else ""
        contacts: tuple[Contact, ...] = (Contact(email=email),)
    else:
        contacts = _contacts(tenant, recipient, sop, holding)
    given = list(dict.fromkeys(contact.email for contact in contacts if contact.email))
    if not given:
        raise NoLetter(NO_ADDRESS)
    found = tuple(address for email in given if (address := _address(email)) is not None)
    if not found:
        raise NoLetter(BAD_ADDRESS)
    return found


def _contacts(tenant: Tenant, recipient: str, sop: Sop, holding: Holding) -> tuple[Contact, ...]:
    """Those who are written to by mail; where none of a role has an address, the mailbox of the office as a whole."""
    own = role_contacts(tenant, recipient, sop, holding)
    if any(contact.email for contact in own) or not recipient.startswith("agency:"):
        return own
    name = recipient.split(":")[1]
    return (Contact(email=tenant.agency(name).email),) if tenant.has_agency(name) else ()


def role_contacts(tenant: Tenant, recipient: str, sop: Sop, holding: Holding) -> tuple[Contact, ...]:
    """The contacts of a role, and the officers who hold it."""
    kind, name, role, unit = (*recipient.split(":"), "", "", "")[:4]
    if kind == "group":
        return next((group.people for group in tenant.groups if group.id == name), ())
    if kind == "actor":
        desk = tenant.desks.get(name)
        return (*(desk.contacts if desk else ()), *holding(name, None))
    if not tenant.has_agency(name):
        return ()
    agency, actor = tenant.agency(name), role or front_of(sop) or ""
    part = agency.people.unit(unit)
    if part is not None and part.head:
        return part.head
    return (*agency.people.contacts.get(actor, ()), *holding(actor, name))


def sent_by(tenant: str, back: ReturnAddress | None, settings: Settings) -> Address:
    """From whom a government's letters come.

    :param back: its mailbox, if it has one.
    """
    return sender_of(tenant, back.address if back else settings.mail_from)


def _thread(message: Message, complaint: Mapping[str, object], settings: Settings) -> str:
    """What keeps the letters of a dossier together, and with the mail by which it came."""
    root = identifier(str(message.dossier), settings.mail_from)
    given = str(complaint.get("external_id") or "") if message.recipient == THE_REPORTER else ""
    written = _WRITTEN.search(given)
    return f"<{written[1]}> {root}" if written else root


@lru_cache(64)
def sender_of(tenant: str, address: str) -> Address:
    """From whom a government's letters are."""
    return Address(display_name=f"Layanan Aduan {tenant}", addr_spec=address)


@lru_cache(1024)  # offices are written to again and again
def _address(email: str) -> Address | None:
    plain = _PLAIN.fullmatch(email)
    try:
        if plain is not None:  # most are; to read one as the standard has it takes a tenth of what a letter takes
            return Address(username=plain[1], domain=plain[2])
        return Address(addr_spec=email)
    except (HeaderParseError, ValueError, IndexError):
        return None


def address_hash(key: bytes, addresses: Sequence[Address]) -> str:
    """What tells whether two letters went to the same addresses, and nothing else.

    :param key: of :attr:`.Lasting.ADDRESSES_OF_LETTERS`.
    """
    told = "\n".join(sorted(address.addr_spec.casefold() for address in addresses))
    return hmac.digest(key, told.encode("utf-8", "replace"), "sha256").hex()


def message_id(runtime: Runtime, message: Message) -> str:
    """The same for the same message whenever it is sent, so that one sent twice can be told; it says nothing else."""
    told = f"{message.dossier}:{message.version}:{message.recipient}:{message.template}"
    return letter_id(runtime, str(uuid5(_NAMESPACE, told)))


def letter_id(runtime: Runtime, key: str) -> str:
    """A Message-ID that nobody can make up who knows what it is of: who answers it has had the letter.

    :param key: a UUID, of the letter's own.
    """
    proof = hmac.digest(runtime.key(Lasting.IDS_OF_LETTERS), key.encode(), "sha256").hex()[:12]
    return f"<{key}.{proof}@{runtime.settings.mail_from.rpartition('@')[2]}>"


def tag_of(id_: str) -> str:
    """The part of a letter's Message-ID before its domain."""
    return id_.strip("<>").partition("@")[0]


def file_name(message: Message, ticket: str) -> str:
    """A name for the letter's file: in the order of time, and the same whenever it is written."""
    recipient = message.recipient.replace(":", "-")
    return f"{message.queued_at:%Y%m%dT%H%M%SZ}-{ticket}-{message.version:03}-{recipient}-{message.template}"


@lru_cache(256)  # each letter about a dossier names it
def identifier(of_what: str, sender: str) -> str:
    """A Message-ID that is the same for the same thing."""
    return f"<{uuid5(_NAMESPACE, of_what)}@{sender.rpartition('@')[2]}>"


def _runs(events: Sequence[DossierEvent], clock_id: str) -> bool:
    return any(clock.id == clock_id and clock.open for clock in clocks_of(events))
