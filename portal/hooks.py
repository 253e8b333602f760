"""``/hooks/v1``: where providers of channels deliver. Verified, written down, committed, and only then thanked for."""

import logging
from typing import Final

from flask import Blueprint, Response, current_app, request
from werkzeug.exceptions import RequestEntityTooLarge

from portal.arguments import once_each
from portal.correlation import request_id
from portal.parts import parts
from portal.refusals import Refusals
from shared.base.clock import SystemClock
from shared.base.errors import AduanError, Forbidden, NotFound, Unavailable
from shared.channels.incoming import Request, Unsigned
from shared.channels.installed import HOOKS, Channels
from shared.channels.kinds.parsing import MOST_BYTES
from shared.channels.secrets import SecretMissing
from shared.platform.metrics import CHANNEL_UNSIGNED

_log = logging.getLogger(__name__)

EXTENSION: Final = "aduan.channels"
REFUSALS: Final = "aduan.refusals"

blueprint = Blueprint("hooks", __name__, url_prefix=HOOKS)


@blueprint.route("/<tenant>/<channel>", methods=["GET", "POST"], defaults={"rest": ""})
@blueprint.route("/<tenant>/<channel>/<path:rest>", methods=["GET", "POST"])
def deliver(tenant: str, channel: str, rest: str) -> Response:
    """Take a delivery.

    :raises NotFound: no such channel there.
    :raises Forbidden: it does not prove whose it is.
    :raises Invalid: a field was given twice.
    :raises Unavailable: it cannot be proven or written down now; the provider repeats it.
    """
    channels: Channels = current_app.extensions[EXTENSION]
    found = channels.find(tenant, channel)
    if found is None or found.incoming is None:
        raise NotFound("no_such_page")
    told = _told(channels, tenant, channel, rest)
    try:
        found.incoming.verify(told, SystemClock().now())  # signatures age by the machine's time
    except Unsigned as unsigned:
        CHANNEL_UNSIGNED.labels(channel, str(unsigned)).inc()
        _log.warning("a delivery was refused", extra={"tenant": tenant, "channel": channel, "why": str(unsigned)})
        _tell_of_refusals(tenant, channel, str(unsigned))
        raise Forbidden("unsigned") from None
    except SecretMissing as missing:
        _log.error("a channel lacks a secret", extra={"tenant": tenant, "channel": channel, "what": str(missing)})
        raise Unavailable("channel_not_connected") from None
    answer = channels.journal.take(tenant, channel, found.incoming, told, request_id())
    return Response(answer.body, answer.status, content_type=answer.content_type)


def _tell_of_refusals(tenant: str, channel: str, why: str) -> None:
    """Have the operator told, if these are too many. That it cannot be done now changes no answer."""
    refusals: Refusals = current_app.extensions[REFUSALS]
    if not refusals.count(tenant, channel):
        return
    try:
        parts().gateway.refused(tenant, channel, why)
    except AduanError as error:
        _log.warning("nobody could be told of refused deliveries", extra={"channel": channel, "code": error.code})


def _told(channels: Channels, tenant: str, channel: str, rest: str) -> Request:
    request.max_content_length = MOST_BYTES
    body = request.get_data(cache=True)  # before the form is read, which would take the bytes away
    if len(body) > MOST_BYTES:
        raise RequestEntityTooLarge
    query = request.query_string.decode("latin-1")
    below = f"/{rest}" if rest else ""
    return Request(
        method=request.method,
        path=rest,
        url=f"{channels.hook(tenant, channel)}{below}{f'?{query}' if query else ''}",
        headers={name.lower(): value for name, value in request.headers.items()},
        query=once_each(request.args),
        form=once_each(request.form),
        body=body,
        at=parts().runtime.clock.now(),
    )
