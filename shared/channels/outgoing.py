"""What is to be done for people who wrote, or of what their providers told: written down in the same breath."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from shared.domain.sealing import DataKey

OUTGOING: Final = "channels.outgoing"
"""As what it is sealed."""
TROUBLE: Final = "trouble"
"""The kind of thing that a channel's operator has to hear of."""


def to_do(
    cursor: Any,
    id_: UUID,
    tenant: str,
    key: DataKey,
    kind: str,
    what: Mapping[str, Any],
    request: UUID | None = None,
) -> None:
    """Write down what is to be done; written down twice it is done once.

    :param request: the id of the request that led to it.
    """
    cursor.execute(
        "INSERT INTO channels.outgoing (id, tenant, person, kind, sealed, request) VALUES (%s, %s, %s, %s, %s, %s) "
        "ON CONFLICT DO NOTHING",
        (str(id_), tenant, str(key.dossier), kind, key.seal(what, OUTGOING), request),
    )
