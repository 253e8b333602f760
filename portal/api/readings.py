"""Who opened personal data of which complaint, for administrators."""

from typing import Any

from flask import Response

from portal.access import caller, require_officer
from portal.api import PREFIX
from portal.api.officers import dossier_id
from portal.documented import Documented, answer
from portal.parts import parts
from portal.queries import ReadingsQuery
from portal.shapes import ReadingsShape

blueprint = Documented("readings", __name__, url_prefix=f"{PREFIX}/<tenant>/readings", description="For administrators")
blueprint.before_request(require_officer)


@blueprint.route("")
@blueprint.arguments(ReadingsQuery(), location="query")
@blueprint.answers(200, ReadingsShape, 401, 403, 404, 422, 503, secured=True)
def readings(query: dict[str, Any], tenant: str) -> Response:
    """Who opened personal data, the latest first: when, in which role and why. For administrators."""
    ticket, account = query.pop("ticket"), query.pop("user")
    of = dossier_id(tenant, ticket) if ticket and caller().admin else None
    return answer(parts().gateway.readings(tenant, of, {**query, "account": account}, caller()))
