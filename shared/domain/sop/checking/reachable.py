"""Who is told, or must act, and cannot be reached: seen when the procedure and the offices lie side by side."""

from collections.abc import Iterator

from shared.domain.sop.checking.finding import WARNING, Finding
from shared.domain.sop.model import Sop
from shared.domain.sop.reading.agencies import Agency, AgencyBook
from shared.domain.sop.vocabulary import AUDIENCE, REPORTER, SYSTEM


def unreachable(sop: Sop, book: AgencyBook, file: str) -> Iterator[Finding]:
    """Desks without a contact, and roles that are told but share their late subordinate's mailbox.

    :param file: of the offices, named in the findings.
    """
    for actor in sop.actors:
        if actor.scope == "tenant" and actor.id not in book.desks:
            message = f"nobody can be written to as {actor.id!r}"
            remedy = f"add `{actor.id}: address` to contacts"
            yield Finding(WARNING, "no_contact", message, remedy, ("contacts",), file, 1)
    yield from _strangers(sop, book, file)
    for role in _roles(sop):
        without = [agency.id for agency in book.agencies if not _reached(agency, role)]
        if without:
            message = f"{role!r} cannot be reached in: {_some(without)}"
            remedy = f"add `contacts: {{{role}: [address or number]}}` to the agency, or an `email` of the office"
            yield Finding(WARNING, "no_contact", message, remedy, ("agencies",), file, 1)
    front = next((step.actor for step in sop.steps if sop.actor(step.actor).scope == "agency"), None)
    for superior in sorted({actor for step in sop.steps for actor in step.escalate_to}):
        # The desk that receives for the office may well read the office's own mailbox.
        if sop.actor(superior).scope != "agency" or superior == front:
            continue
        shared = [agency.id for agency in book.agencies if agency.email and superior not in agency.people.contacts]
        if shared:
            message = f"what is brought before {superior!r} goes to the mailbox of the whole office in: {_some(shared)}"
            remedy = f"add `contacts: {{{superior}: [address]}}` to the agency"
            yield Finding(WARNING, "shared_contact", message, remedy, ("agencies",), file, 1)
    if any("group" in rule.tell for rule in sop.notify) and not book.groups:
        yield Finding(WARNING, "no_contact", "a group is told, and there is none", "add groups", ("groups",), file, 1)


def _strangers(sop: Sop, book: AgencyBook, file: str) -> Iterator[Finding]:
    """Contacts for roles that the procedure does not know: nobody is ever written to there."""
    roles = {actor.id for actor in sop.actors}
    for agency in book.agencies:
        for role in sorted(agency.people.contacts.keys() - roles):
            message = f"{agency.id!r} has a contact for {role!r}, and there is no such actor"
            remedy = f"name one of: {', '.join(sorted(roles))}"
            yield Finding(WARNING, "unknown_contact", message, remedy, ("agencies",), file, 1)


def _roles(sop: Sop) -> list[str]:
    told = {actor for rule in sop.notify for actor in rule.tell} - AUDIENCE - {REPORTER, SYSTEM}
    acting = {step.actor for step in sop.steps} | {actor for step in sop.steps for actor in step.escalate_to}
    return [actor.id for actor in sop.actors if actor.scope == "agency" and actor.id in told | acting]


def _reached(agency: Agency, role: str) -> bool:
    return bool(agency.email or agency.people.contacts.get(role))


def _some(names: list[str], most: int = 5) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
