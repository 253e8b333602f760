"""What everybody may read of single complaints, and what waits to be written or published."""

from typing import Any

from flask import Response

from portal.access import caller, require_officer, require_tenant, spelled
from portal.api import PREFIX
from portal.documented import Documented, answer
from portal.gateway import PageAsked
from portal.parts import parts
from portal.queries import PublishedQuery, WaitingQuery
from portal.shapes import PublishedItemShape, PublishedShape, WaitingShape

blueprint = Documented("published", __name__, url_prefix=f"{PREFIX}/<tenant>", description="For everybody")
blueprint.before_request(require_tenant)
officers = Documented("waiting", __name__, url_prefix=f"{PREFIX}/<tenant>", description="With a bearer token")
officers.before_request(require_officer)


@blueprint.route("/published")
@blueprint.arguments(PublishedQuery(), location="query")
@blueprint.answers(200, PublishedShape, 404, 422, 503)
def published(query: dict[str, Any], tenant: str) -> Response:
    """The summaries that were published, the latest first; never a name, a contact or a complaint's own words."""
    parts().freshness.catch_up(tenant, "reporting")
    after, limit = query.pop("after"), query.pop("limit")
    return answer(parts().gateway.published(tenant, query, after=after, limit=limit))


@blueprint.route("/published/<ticket>")
@blueprint.answers(200, PublishedItemShape, 404, 503)
def published_one(tenant: str, ticket: str) -> Response:
    """One of them; what is not public, or secret, or not there is answered alike."""
    parts().freshness.catch_up(tenant, "reporting")
    return answer(parts().gateway.published_one(tenant, spelled(ticket)))


@officers.route("/publishing")
@officers.arguments(WaitingQuery(), location="query")
@officers.answers(200, WaitingShape, 401, 403, 404, 422, 503, secured=True)
def waiting(query: dict[str, Any], tenant: str) -> Response:
    """Answered complaints of which nothing is public yet: written summaries first, then what nobody has written."""
    parts().freshness.catch_up(tenant, "reporting")
    return answer(parts().gateway.to_publish(tenant, PageAsked(query["after"], query["limit"]), caller()))
