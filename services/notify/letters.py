"""Letters: a message of the ledger, made into a mail from the dossier as it is now."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from uuid import UUID, uuid5

from services.notify.ledger import Message
from services.notify.letter import Letter
from services.notify.rules import THE_REPORTER
from services.notify.texts import worded
from services.notify.values import values_for_officer, values_for_reporter
from shared.domain.dossier.clocks import clocks_of
from shared.domain.dossier.contents import complaint_of
from shared.domain.dossier.events import ClockWarned, DossierEvent
from shared.domain.sealing import DataKey
from shared.domain.tenants import Tenant
from shared.platform.settings import Settings

NO_ADDRESS = "no_address"
_NAMESPACE = UUID("0f0c2f5e-6f0d-5b8e-9a27-0d6c5a2f7f31")


class NoLetter(Exception):
    """There is nothing to send, or nowhere to send it.

    :param reason: the code: ``erased``, ``no_address``, ``bad_address`` or ``overtaken``.
    """

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def letter_for(
    settings: Settings,
    tenant: Tenant,
    message: Message,
    events: Sequence[DossierEvent],
    key: DataKey | None,
    now: datetime,
) -> Letter:
    """The letter of a message.

    :param events: the dossier's whole history.
    :param key: the dossier's key; none if it was destroyed.
    :raises NoLetter: if it cannot or need not be sent any more.
    """
    if key is None:
        raise NoLetter("erased")
    event = events[message.version - 1]
    if isinstance(event, ClockWarned) and not _runs(events, event.clock):
        raise NoLetter("overtaken")
    to = address_of(tenant, message.recipient, complaint_of(events, key))
    if message.recipient == THE_REPORTER:
        values = values_for_reporter(tenant, events, event, key, settings.public_url)
        audience = "reporter"
    else:
        values = values_for_officer(tenant, events, event, message.recipient, settings.public_url)
        audience = "officer"
    text = worded(settings.tenants_dir, tenant.messages, audience, message.template, values)
    return Letter(
        sender=Address(display_name=f"Layanan Aduan {tenant.name}", addr_spec=settings.mail_from),
        to=to,
        subject=text.subject,
        date=now.astimezone(tenant.zone),
        id=message_id(message, settings.mail_from),
        thread=_identifier(str(message.dossier), settings.mail_from),
        text=text.body,
    )


def address_of(tenant: Tenant, recipient: str, complaint: Mapping[str, object]) -> Address:
    """Where a recipient is written to.

    :raises NoLetter: if we know no address, or it is none.
    """
    kind, _, name = recipient.partition(":")
    if kind == "agency":
        given = tenant.agency(name).email if tenant.has_agency(name) else ""
    elif kind == "actor":
        given = tenant.contacts.get(name, "")
    else:
        reporter = complaint.get("reporter")
        given = str(reporter.get("email") or "") if isinstance(reporter, Mapping) else ""
    if not given:
        raise NoLetter(NO_ADDRESS)
    try:
        return Address(addr_spec=given)
    except (HeaderParseError, ValueError, IndexError):
        raise NoLetter("bad_address") from None


def message_id(message: Message, sender: str) -> str:
    """The same for the same message whenever it is sent, so that one sent twice can be told; it says nothing else."""
    return _identifier(f"{message.dossier}:{message.version}:{message.recipient}:{message.template}", sender)


def file_name(message: Message, ticket: str) -> str:
    """A name for the letter's file: in the order of time, and the same whenever it is written."""
    recipient = message.recipient.replace(":", "-")
    return f"{message.queued_at:%Y%m%dT%H%M%SZ}-{ticket}-{message.version:03}-{recipient}-{message.template}"


def _identifier(of_what: str, sender: str) -> str:
    return f"<{uuid5(_NAMESPACE, of_what)}@{sender.rpartition('@')[2]}>"


def _runs(events: Sequence[DossierEvent], clock_id: str) -> bool:
    return any(clock.id == clock_id and clock.open for clock in clocks_of(events))
