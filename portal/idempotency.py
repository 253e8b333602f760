"""``Idempotency-Key``: a request that writes can be sent again when its answer was not heard.

Every such request has a key: the one that its sender chose, or the request's own id, which is told where the outcome is
not known (``outcome_unknown``). The services know the key again by what it brought about; see
:mod:`shared.application.requests`.
"""

import re
from typing import Any, Final

from flask import request

from portal.correlation import request_id
from shared.base.errors import Invalid

HEADER: Final = "Idempotency-Key"

_KEY: Final = re.compile(r"[\x21-\x7e]{1,200}")

PARAMETER: Final[dict[str, Any]] = {
    "in": "header",
    "name": HEADER,
    "required": False,
    "schema": {"type": "string", "maxLength": 200},
    "description": (
        "Chosen by the sender, best a UUID. The same key with the same body is carried out once and answered alike; "
        "with another body it is refused with 422, for thirty days at least. After a 503 `outcome_unknown` send the "
        "request again with the key told there."
    ),
}
"""For the documents of views that write."""


def request_key() -> str:
    """The key of the present request.

    :raises Invalid: if its sender chose one that cannot be used.
    """
    given = request.headers.get(HEADER)
    if given is None:
        return request_id()
    key = given.strip()
    if not _KEY.fullmatch(key):
        raise Invalid("invalid_fields", fields={HEADER: ["bad_key"]})
    return key
