"""Citizens' accounts, as pages and API reach them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from flask import request

from portal.parts import parts
from shared.application.citizens.accounts import Account, Accounts
from shared.application.citizens.codes import Codes
from shared.application.citizens.complaints import CitizenComplaints, Linked
from shared.application.citizens.contact import CitizensContact
from shared.application.citizens.sessions import CitizenSessions
from shared.application.identity.errors import Unauthenticated
from shared.application.readings.recording import ACCOUNT, HANDLING, Opened, record
from shared.base.caller import Caller
from shared.base.errors import Invalid
from shared.channels.installed import channels_of
from shared.channels.phone_way import phone_way
from shared.domain.dossier.complaint_view import title_of

_AT_ONCE: Final = 20
"""So many the service tells of in one call."""


def accounts() -> Accounts:
    """The accounts of this installation."""
    return Accounts(parts().runtime)


def codes() -> Codes:
    """Its one-time codes."""
    return Codes(parts().runtime)


def visits() -> CitizenSessions:
    """Its citizens' visits."""
    return CitizenSessions(parts().runtime)


def complaints() -> CitizenComplaints:
    """Which complaints are in whose list."""
    return CitizenComplaints(parts().runtime)


def phone_offered(tenant: str) -> bool:
    """Whether codes can be brought to a telephone."""
    return phone_way(channels_of(parts().runtime), tenant) is not None


def ask_code(tenant: str, contact: CitizensContact) -> UUID:
    """Have a code brought; the answer is the same whether there is an account or not.

    :raises Invalid: ``way_not_offered``.
    :raises TooManyAttempts: too many were asked for.
    """
    if contact.kind == "phone" and not phone_offered(tenant):
        raise Invalid("invalid_fields", fields={"phone": ["way_not_offered"]})
    return codes().ask(tenant, contact, request.remote_addr or "")


def enter(tenant: str, challenge: str, code: str) -> str:
    """Begin a visit with the code that was brought; the word for it.

    :raises Unauthenticated: ``wrong_code``.
    """
    return visits().begin(accounts().enter(tenant, codes().redeem(tenant, _challenge(challenge), code)))


def add_contact(tenant: str, account: UUID, challenge: str, code: str) -> None:
    """Add the contact to which a code was brought.

    :raises Unauthenticated: ``wrong_code``.
    :raises Conflict: ``contact_taken``: it is another account's.
    """
    accounts().add_contact(account, codes().redeem(tenant, _challenge(challenge), code))


def at_desk(tenant: str, number: str, officer: Caller) -> Account:
    """What a desk is to compare; that it was shown is recorded first.

    :raises NotFound: ``unknown_account``, alike for a wrong and an old number.
    :raises Unavailable: if it could not be recorded.
    """
    account = accounts().at_desk(tenant, number)
    record(parts().runtime, officer, tenant, ACCOUNT, [Opened(account.id, HANDLING, named=True)])
    return account


def filed(account: UUID, tenant: str, receipt: Mapping[str, Any], complaint: Mapping[str, Any]) -> None:
    """Put what an account has just filed into its list; as verified, if it bears the identity that a desk compared."""
    known = accounts().read(account)
    reporter = complaint.get("reporter") or {}
    # A procedure that needs no identity number does not ask for it; what was said must be what the desk has compared.
    same = "name" in reporter and all(reporter.get(name, value) == value for name, value in known.identity.items())
    linked = Linked(receipt["ticket"], str(receipt["id"]), receipt["tracking_code"], title_of(complaint))
    complaints().link(account, tenant, linked, verified=known.verified_at is not None and same)


def linked(account: UUID, tenant: str, ticket: str, code: str) -> None:
    """Put a complaint that was filed without the account into its list, of which its reporter reads no answer.

    :raises NotFound: alike for an unknown ticket and a wrong code.
    """
    view = parts().gateway.track(tenant, ticket, code, shown=False)
    title = str(view["complaint"].get("title") or "")
    complaints().link(account, tenant, Linked(view["ticket"], str(view["id"]), code, title))


def listed(account: UUID, tenant: str) -> list[dict[str, Any]]:
    """The complaints of an account, the latest first, and where each stands; of an erased one its number is left.

    Likewise of one whose code was renewed since: whoever was given the new one links it anew, and nobody else reads on.
    To look at the list is not to read an answer: nothing is recorded of it.
    """
    found = complaints().of(account)
    standing: dict[str, Any] = {}
    for start in range(0, len(found), _AT_ONCE):
        codes = {each.linked.dossier: each.linked.code for each in found[start : start + _AT_ONCE]}
        standing |= parts().gateway.standing(tenant, codes)
    home = parts().home(tenant)
    told = []
    for each in found:
        known = standing.get(each.linked.dossier)
        renewed = known is not None and "code_renewed" in known
        stands = None if renewed else known
        due = stands and stands["due_at"]
        told.append(
            {
                "ticket": each.linked.ticket,
                "tracking_code": each.linked.code if stands else None,
                "title": each.linked.title if stands else None,
                "status": stands["status"] if stands else None,
                "due_at": home.local(datetime.fromisoformat(due)) if due else None,
                "actions": stands["actions"] if stands else [],
                "linked_at": home.local(each.linked_at),
                "code_renewed": renewed,
            }
        )
    return told


def _challenge(told: str) -> UUID:
    try:
        return UUID(told)
    except ValueError:
        raise Unauthenticated("wrong_code") from None
