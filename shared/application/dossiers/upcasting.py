"""How old events are read by today's code: one function per type and schema, each lifting the data by one version."""

from collections.abc import Callable
from typing import Any

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]


def _words_for_names(data: dict[str, Any]) -> dict[str, Any]:
    """Until schema 1, ``kecamatan``, ``desa`` and ``category`` held whatever the reporter wrote.

    They stay as they are: which of them is an entry of a list is known where the list is, so whoever shows them to
    others asks :class:`shared.domain.entries.Entries`.
    """
    return data


def _authority_in_words(data: dict[str, Any]) -> dict[str, Any]:
    """Until schema 1, ``to`` held whatever an officer called the authority.

    It stays there: :func:`shared.domain.dossier.authorities.authority_of` tells it as if it were sealed.
    """
    return {**data, "authority": None}


UPCASTERS: dict[tuple[str, int], Upcaster] = {
    ("ComplaintFiled", 1): _words_for_names,
    ("Supplemented", 1): _words_for_names,
    ("Transferred", 1): _authority_in_words,
}
"""``(event type, schema it lifts from)`` to the function that lifts it by one."""


def upcast(event_type: str, data: dict[str, Any], to_schema: int) -> dict[str, Any]:
    """Lift stored data to the present schema.

    :param event_type: the stable name.
    :param data: as stored, with its ``schema``.
    :param to_schema: what today's class expects.
    :raises ValueError: if the data are newer than this code, or an upcaster is missing.
    """
    schema = int(data["schema"])
    if schema > to_schema:
        raise ValueError(f"{event_type} was written with schema {schema}; this version reads up to {to_schema}")
    while schema < to_schema:
        upcaster = UPCASTERS.get((event_type, schema))
        if upcaster is None:
            raise ValueError(f"no upcaster for {event_type} from schema {schema}")
        data = upcaster(data)
        schema += 1
    return {**data, "schema": to_schema}
