"""Logging in with the government's own account: off to its provider, and back."""

import logging
from dataclasses import asdict
from datetime import timedelta
from typing import Any, Final

from flask import Response, request, url_for

from portal.oidc.installed import provider_of
from portal.pages.frame import asked, late_form
from portal.pages.frame.cookies import SealedCookie
from portal.pages.frame.forms import Filled, sentence_of
from portal.pages.frame.page import pages
from portal.pages.officer import door, entering, visits
from portal.parts import parts
from shared.application.identity.attempts import Attempts, Limits
from shared.application.identity.bindings import Bindings
from shared.application.identity.errors import TooManyAttempts, Unauthenticated
from shared.application.identity.users import LoggedIn
from shared.base.clock import SystemClock
from shared.base.errors import AduanError, NotFound, Unavailable
from shared.channels.secrets import SecretMissing

TRIP: Final = SealedCookie("__Host-aduan-oidc", timedelta(minutes=10))
_TOLD: Final = ("state", "code", "error", "iss")
_MOST_SIGNS: Final = 4096
# Whole offices share one address: the limit stops programs that would have us ask the provider over and over.
_RETURNS: Final = Limits(from_one_place=60, at_one_account=100_000, by_one_address=200)
_log = logging.getLogger(__name__)

blueprint = pages("masuk_oidc", __name__, "/<tenant>/masuk/oidc")


@blueprint.route("")
def depart(tenant: str) -> Response:
    """Off to the provider.

    :raises NotFound: if the government has none.
    """
    there = _provider(tenant)
    back = asked.one(door.BACK) or ""
    if entering.there(tenant):
        return Response(status=303, headers={"Location": visits.place(back, tenant)})
    try:
        address, trip = there.depart(_way_back(), parts().runtime.randomness)
    except Unavailable as error:
        return _outside(error, back)
    response = Response(status=303, headers={"Location": address})
    TRIP.write(response, {"tenant": tenant, door.BACK: back, "trip": asdict(trip)})
    return response


@blueprint.route("/kembali")
def arrive(tenant: str) -> Response:
    """Back from the provider: a visit begins as after a password, or it is told why not. A trip is made once.

    :raises NotFound: if the government has none.
    """
    there = _provider(tenant)
    held = TRIP.read()
    mine = held if held is not None and held["tenant"] == tenant else None
    back = str(mine[door.BACK]) if mine is not None else ""
    try:
        entered = _entered(tenant, there, mine)
    except (Unauthenticated, Unavailable, TooManyAttempts) as error:
        response = _outside(error, back)
    else:
        response = entering.let_in(entered, tenant, back, door.kept())
    TRIP.forget(response)
    return response


def _entered(tenant: str, there: Any, held: dict[str, Any] | None) -> LoggedIn:
    from portal.oidc.provider import ClientRefused, Trip  # noqa: PLC0415 - an extra that few need
    from portal.oidc.signed import Untrusted  # noqa: PLC0415

    told = asked.brought(_TOLD)
    if any(len(each) > _MOST_SIGNS for each in told.values()):
        raise Unauthenticated("login_trip_over")
    try:
        trip = there.heard(Trip(**held["trip"]) if held is not None else None, told)
        return _asked(tenant, there, trip, told["code"])
    except (ClientRefused, SecretMissing) as error:
        _log.error(
            "a provider of log-ins does not take us for its client", extra={"tenant": tenant, "reason": str(error)}
        )
        raise Unavailable("login_provider_misset") from error
    except Untrusted as error:
        _log.warning("a provider's word was not believed", extra={"tenant": tenant, "reason": str(error)})
        raise Unauthenticated("login_not_trusted") from error


def _asked(tenant: str, there: Any, trip: Any, code: str) -> LoggedIn:
    """What the provider says of a code; only what is no fault of its own counts as an attempt."""
    from portal.oidc.provider import ClientRefused  # noqa: PLC0415 - an extra that few need

    runtime, account, address = parts().runtime, f"{tenant}/oidc", request.remote_addr or ""
    attempts = Attempts(runtime.database, SystemClock(), _RETURNS)
    attempts.count(account, address)
    try:
        who = there.arrived(trip, code)
    except (Unavailable, ClientRefused, SecretMissing):
        attempts.succeeded(account, address)
        raise
    entered = Bindings(runtime.database).enter(tenant, who, address)
    attempts.succeeded(account, address)
    return entered


def _provider(tenant: str) -> Any:
    found = provider_of(tenant)
    if found is None:
        raise NotFound("no_such_page")
    return found


def _way_back() -> str:
    """Where the provider sends people back to: a provider knows it beforehand, and takes no other."""
    settings = parts().runtime.settings
    base = settings.public_address if settings.public_url else request.host_url.rstrip("/")
    return f"{base}{url_for('masuk_oidc.arrive')}"


def _outside(error: AduanError, back: str) -> Response:
    given = Filled({door.BACK: back, late_form.LEFT: door.kept()})
    response = door.shown(given, error.status, sentence_of(error))
    if error.status == 429:
        response.headers["Retry-After"] = str(error.params.get("seconds", 60))
    return response
