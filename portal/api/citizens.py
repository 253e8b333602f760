"""Citizens' own accounts: entered with a code, and all complaints of one person in one list."""

from typing import Any, cast
from uuid import UUID

from flask import Response, g, request

from portal import citizens, tries
from portal.access import caller, require_officer, require_tenant, spelled, tenant
from portal.api import PREFIX
from portal.citizen_queries import CodeAsked, CodeGiven, IdentityGiven, LinkGiven
from portal.citizen_shapes import AccountShape, ChallengeShape, CitizenTokenShape, DeskNumberShape, OwnComplaintsShape
from portal.documented import Documented, answer
from portal.parts import parts
from shared.application.citizens.accounts import Account
from shared.application.citizens.codes import GOOD_FOR
from shared.application.citizens.contact import contact_of
from shared.application.citizens.sessions import IDLE
from shared.application.identity.errors import Unauthenticated
from shared.application.reading_rights import readable_agency
from shared.base.errors import Forbidden
from shared.domain.complaint.spelling import code_of

entering = Documented("citizens", __name__, url_prefix=f"{PREFIX}/<tenant>/citizens", description="For everybody")
entering.before_request(require_tenant)
own = Documented(
    "own_account", __name__, url_prefix=f"{PREFIX}/<tenant>/citizens/me", description="With a citizen's token"
)
desk = Documented("identities", __name__, url_prefix=f"{PREFIX}/<tenant>/identities", description="For a desk")
desk.before_request(require_officer)


def require_citizen() -> None:
    """Before a request: it carries the word of a citizen's visit at this government.

    :raises Unauthenticated: ``account_needed``.
    """
    require_tenant()
    kind, _, word = request.headers.get("Authorization", "").partition(" ")
    found = citizens.visits().whose(tenant().id, word.strip()) if kind.lower() == "bearer" else None
    if found is None:
        raise Unauthenticated("account_needed")
    g.citizen, g.word = found, word.strip()


own.before_request(require_citizen)


@entering.route("/codes", methods=["POST"])
@entering.arguments(CodeAsked())
@entering.answers(202, ChallengeShape, 400, 404, 413, 415, 422, 429, 503)
def ask(given: dict[str, Any], tenant: str) -> Response:
    """Have a one-time code brought to a telephone or a mailbox. Answered alike whether there is an account or not."""
    challenge = citizens.ask_code(tenant, contact_of(given.get("phone"), given.get("email")))
    return answer({"challenge": str(challenge), "expires_in": int(GOOD_FOR.total_seconds())}, 202)


@entering.route("/sessions", methods=["POST"])
@entering.arguments(CodeGiven())
@entering.answers(201, CitizenTokenShape, 400, 401, 404, 413, 415, 422, 503)
def enter(given: dict[str, Any], tenant: str) -> Response:
    """Enter with the code; the account is made by the first that was right."""
    word = citizens.enter(tenant, given["challenge"], given["code"])
    return answer({"token": word, "token_type": "Bearer", "expires_in": int(IDLE.total_seconds())}, 201)


@own.route("")
@own.answers(200, AccountShape, 401, 404, 503, secured=True)
def me(tenant: str) -> Response:
    """The account."""
    del tenant
    return answer(_told(citizens.accounts().read(_citizen())))


@own.route("", methods=["DELETE"])
@own.answers(200, AccountShape, 401, 404, 503, secured=True)
def erase(tenant: str) -> Response:
    """Erase the account. Its complaints stay, and can be followed with their codes."""
    del tenant
    told = _told(citizens.accounts().read(_citizen()))
    citizens.accounts().erase(_citizen())
    return answer({**told, "contacts": {}, "identity": {}})


@own.route("/identity", methods=["PUT"])
@own.arguments(IdentityGiven())
@own.answers(200, AccountShape, 400, 401, 404, 413, 415, 422, 503, secured=True)
def identify(given: dict[str, Any], tenant: str) -> Response:
    """Say who one is, once. A change ends what a desk has compared."""
    del tenant
    citizens.accounts().identify(_citizen(), given)
    return answer(_told(citizens.accounts().read(_citizen())))


@own.route("/contacts", methods=["POST"])
@own.arguments(CodeGiven())
@own.answers(200, AccountShape, 400, 401, 404, 409, 413, 415, 422, 503, secured=True)
def add_contact(given: dict[str, Any], tenant: str) -> Response:
    """Add the telephone or mailbox to which a code was brought."""
    citizens.add_contact(tenant, _citizen(), given["challenge"], given["code"])
    return answer(_told(citizens.accounts().read(_citizen())))


@own.route("/desk-number", methods=["POST"])
@own.answers(201, DeskNumberShape, 401, 404, 503, secured=True)
def desk_number(tenant: str) -> Response:
    """A number to tell at a desk, which then compares the identity with its document."""
    del tenant
    return answer({"number": citizens.accounts().desk_number(_citizen()), "expires_in": 1800}, 201)


@own.route("/session", methods=["DELETE"])
@own.answers(200, AccountShape, 401, 404, 503, secured=True)
def leave(tenant: str) -> Response:
    """End this visit."""
    del tenant
    told = _told(citizens.accounts().read(_citizen()))
    citizens.visits().end(str(g.word))
    return answer(told)


@own.route("/complaints")
@own.answers(200, OwnComplaintsShape, 401, 404, 503, secured=True)
def complaints(tenant: str) -> Response:
    """All complaints of the account, the latest first, each with what is needed to follow it."""
    parts().freshness.catch_up(tenant, "intake")
    return answer({"items": citizens.listed(_citizen(), tenant)})


@own.route("/complaints", methods=["POST"])
@own.arguments(LinkGiven())
@own.answers(200, OwnComplaintsShape, 400, 401, 404, 413, 415, 422, 429, 503, secured=True)
def link(given: dict[str, Any], tenant: str) -> Response:
    """Put a complaint that was filed without the account into its list, by its tracking code."""
    ticket = spelled(given["ticket"])
    with tries.looking_up(tenant, ticket):
        parts().freshness.catch_up(tenant, "intake")
        citizens.linked(_citizen(), tenant, ticket, code_of(given["code"]))
    return answer({"items": citizens.listed(_citizen(), tenant)})


@desk.route("/<number>")
@desk.answers(200, AccountShape, 401, 403, 404, 503, secured=True)
def to_compare(tenant: str, number: str) -> Response:
    """The identity of the account whose number was told at the desk, to be compared with its document."""
    check_desk()
    return answer(_told(citizens.at_desk(tenant, code_of(number), caller())))


@desk.route("/<number>", methods=["POST"])
@desk.answers(200, AccountShape, 401, 403, 404, 409, 503, secured=True)
def compared(tenant: str, number: str) -> Response:
    """The identity was compared with its document, and is the same."""
    check_desk()
    return answer(_told(citizens.accounts().verify(tenant, code_of(number), caller().user)))


def check_desk() -> None:
    """Identities are compared by the government's own desks.

    :raises Forbidden: ``wrong_actor``, for an agency's officers and administrators.
    """
    if caller().admin or readable_agency(caller(), tenant()) is not None:
        raise Forbidden("wrong_actor")


def _citizen() -> UUID:
    return cast("UUID", g.citizen)


def _told(account: Account) -> dict[str, Any]:
    return {
        "contacts": dict(account.contacts),
        "identity": dict(account.identity),
        "created_at": account.created_at.isoformat(),
        "verified_at": account.verified_at.isoformat() if account.verified_at else None,
    }
