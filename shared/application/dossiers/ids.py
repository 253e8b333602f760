"""The ids of dossiers, as callers write them."""

from uuid import UUID

from shared.base.errors import NotFound


def dossier_id_of(written: str) -> UUID:
    """The id that was written.

    :raises NotFound: ``unknown_dossier`` if it is none: no dossier bears what is no id.
    """
    try:
        return UUID(written)
    except ValueError:
        raise NotFound("unknown_dossier") from None
