"""Logging in."""

from typing import Any

from flask import Response, request

from portal.api import PREFIX
from portal.documented import Documented, answer
from portal.parts import parts
from portal.queries import LoginSchema
from portal.shapes import TokenShape
from shared.application.identity.tokens import LIFETIME, issue_token

blueprint = Documented("sessions", __name__, url_prefix=PREFIX, description="Bearer tokens")


@blueprint.route("/login", methods=["POST"])
@blueprint.arguments(LoginSchema())
@blueprint.answers(200, TokenShape, 400, 401, 413, 415, 422, 429, 503)
def login(given: dict[str, Any]) -> Response:
    """A bearer token for an account. An unknown name and a wrong password are answered alike."""
    tenant = parts().runtime.tenants.meant(given["tenant"])
    entered = parts().users.log_in(tenant, given["username"], given["password"], address=request.remote_addr or "")
    token = issue_token(
        parts().token_key, entered.caller, session=entered.session, randomness=parts().runtime.randomness
    )
    return answer(
        {
            "token": token,
            "token_type": "Bearer",
            "expires_in": int(LIFETIME.total_seconds()),
            "tenant": entered.caller.tenant,
            "actor": entered.caller.actor,
            "agency": entered.caller.agency,
        }
    )
