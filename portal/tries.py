"""How often something may be tried or asked for from one place: codes, complaints, files. For all portals together.

A place is a network (:func:`shared.application.identity.allowances.place_of`). Pages and the API are counted by the
same rule; of the API, whoever shows a token and whoever stands in ``ADUAN_UNLIMITED_ADDRESSES`` are let pass.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import timedelta
from ipaddress import ip_address
from typing import Any, Final

from flask import request

from portal.access import registrar
from portal.gateway import OUTCOME_UNKNOWN
from portal.parts import parts
from shared.application.citizens.contact import CitizensContact, contact_of
from shared.application.citizens.hashing import of_contact
from shared.application.identity.allowances import Allowance, place_of, use
from shared.application.identity.attempts import Attempts, Limits
from shared.application.identity.errors import Unauthenticated
from shared.application.identity.tally import Counted, take_back
from shared.base.clock import SystemClock
from shared.base.errors import Forbidden, Invalid, NotFound, Unavailable

_WINDOW: Final = timedelta(minutes=15)
_CODES: Final = Limits(from_one_place=5, at_one_account=50, by_one_address=100, window=_WINDOW)
# Whole villages share one address of their telephone company: the limit stops programs, not neighbours. The API's is
# lower: a program that files for many people has a token.
_FORMS: Final = Allowance(60, _WINDOW)
_FORMS_PHOTOS: Final = Allowance(3 * _FORMS.most, _WINDOW)
BY_CONTACT: Final = Limits(from_one_place=20, at_one_account=20, by_one_address=100_000, window=_WINDOW)
"""Complaints that name one telephone or address: from wherever they are filed."""


def count(allowance: Allowance, what: str, refusal: str, whose: str = "") -> Counted:
    """Count once what is asked for.

    :param what: it is, apart from everything else.
    :param refusal: the code of the error.
    :param whose: allowance it is; the present place's if blank.
    :returns: what :func:`carried_out` takes.
    :raises TooManyAttempts: if it was asked for too often.
    """
    return use(parts().runtime.database, SystemClock(), allowance, what, whose or place(), refusal)


@contextmanager
def carried_out(counted: Counted) -> Iterator[None]:
    """Within, what was counted is done; where a part of ours is away and nothing was done, it is counted no more.

    What may have been done stays counted, and so does what was wrong with what was asked.
    """
    try:
        yield
    except Unavailable as error:
        if error.code != OUTCOME_UNKNOWN:
            with suppress(Unavailable):  # the database may be the part that is away: then it stays counted
                take_back(parts().runtime.database, counted)
        raise


@contextmanager
def opening(ticket: str) -> Iterator[None]:
    """Within, a code is looked at. Each attempt is counted before, so that many at once get no more than the limit.

    :param ticket: or the number of an account, behind its government's name.
    :raises TooManyAttempts: after five that failed.
    """
    attempts, account, address = _attempts(_CODES), f"lacak/{ticket}", f"lacak/{place()}"
    with carried_out(attempts.count(account, address)):
        yield
    attempts.succeeded(account, address)


def count_form(tenant: str, reporter: Mapping[str, Any]) -> Counted:
    """Count a complaint that is filed by a page.

    :param reporter: who says who they are, as far as they do.
    :returns: what :func:`carried_out` takes.
    :raises TooManyAttempts: if too many came from one place, or name one contact.
    """
    return count(_FORMS, f"adukan/{tenant}", "too_many_filings") | _count_contacts(tenant, reporter)


def count_filing(tenant: str, reporter: Mapping[str, Any]) -> Counted:
    """Count a complaint that somebody without a token files by the API; parameters and errors as for a page's.

    What an installed page has kept until the network was back is a page's. A program that says it were one gets no
    more than by the page's own form.
    """
    if is_unlimited():
        return {}
    if _is_of_a_page():
        return count_form(tenant, reporter)
    settings = parts().runtime.settings
    counted: Counted = {}
    for most, window in (
        (settings.filings_per_hour, timedelta(hours=1)),
        (settings.filings_per_day, timedelta(days=1)),
    ):
        counted |= count(Allowance(most, window), f"complaints/{tenant}", "too_many_filings")
    return counted | _count_contacts(tenant, reporter)


def count_upload() -> Counted:
    """Count a file that a reporter sends by the API.

    :returns: what :func:`carried_out` takes.
    :raises TooManyAttempts: if too many came from one place.
    """
    if _is_known():
        return {}
    if _is_of_a_page():
        return count(_FORMS_PHOTOS, "adukan/files", "too_many_uploads")
    most = parts().runtime.settings.uploads_per_hour
    return count(Allowance(most, timedelta(hours=1)), "files", "too_many_uploads")


@contextmanager
def looking_up(tenant: str, ticket: str) -> Iterator[None]:
    """Within, a complaint is asked for by its code: it is counted, and so is a code that was wrong.

    :raises TooManyAttempts: if too much was asked from one place, or the code was guessed at.
    """
    if _is_known():
        yield
        return
    most = parts().runtime.settings.lookups_per_minute
    count(Allowance(most, timedelta(minutes=1)), "look-ups", "too_many_look_ups")
    # What is asked for at once, a complaint and its photos, must not count against one another: only wrong codes do.
    guesses, account, address = _attempts(_CODES), f"lacak/{tenant}/{ticket}", f"lacak/{place()}"
    guesses.check(account, address)
    try:
        yield
    except NotFound as error:
        if error.code == "unknown_ticket":
            guesses.count(account, address)
        raise


def is_unlimited() -> bool:
    """Whether this request is one of those that the installation's settings let pass uncounted."""
    try:
        client = ip_address(request.remote_addr or "")
    except ValueError:
        return False
    if client.is_loopback and "X-Forwarded-For" in request.headers:
        return False  # a proxy of this machine that nobody has named: its clients are strangers
    known = parts().runtime.settings.unlimited_addresses
    return any(client.version == network.version and client in network for network in known)


def place() -> str:
    """Where this request comes from, as far as limits tell places apart."""
    return place_of(request.remote_addr or "")


def _is_known() -> bool:
    """Whether whoever asks shows a good token, or need not: a bad one is no reason to be refused, and none to pass."""
    if is_unlimited():
        return True
    try:
        return registrar() is not None
    except (Unauthenticated, Forbidden):
        return False


def _is_of_a_page() -> bool:
    """Whether a page of ours asks by a script, as browsers tell: from another's page nobody can say so."""
    return request.headers.get("Sec-Fetch-Site") == "same-origin"


def _count_contacts(tenant: str, reporter: Mapping[str, Any]) -> Counted:
    counted: Counted = {}
    for each in _contacts(reporter):
        # Under a key: what may be a telephone's number would soon be found from a plain hash.
        counted |= _attempts(BY_CONTACT).count(of_contact(parts().runtime, tenant, each).hex(), f"kontak/{place()}")
    return counted


def _contacts(reporter: Mapping[str, Any]) -> Iterator[CitizensContact]:
    """How somebody is reached, in the form that is compared; what is none is nobody's, and counted by the place."""
    for phone, email in ((reporter.get("phone"), None), (None, reporter.get("email"))):
        with suppress(Invalid):
            yield contact_of(phone, email)


def _attempts(limits: Limits) -> Attempts:
    return Attempts(parts().runtime.database, SystemClock(), limits)
