"""The filters of lists: each a word that the government's lists or procedures know, in any spelling.

What they do not know is refused by name: a filter that was mistyped would say that nothing was found.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any, Final

from shared.base.blank import is_blank
from shared.base.errors import Invalid
from shared.domain.complaint.channels import known_channels
from shared.domain.complaint.spelling import new_ticket, ticket_of
from shared.domain.entries import Entries
from shared.domain.sop.vocabulary import CLASSES
from shared.domain.tenants import Tenant
from shared.wording.choices import alike, not_among, one_of
from shared.wording.codes import field_message

WORDS: Final = ("ticket", "category", "kecamatan", "desa", "agency", "step", "channel", "classification")
"""What can be filtered by, one word each."""
_LOST: Final = frozenset({"category", "kecamatan", "desa", "agency", "step", "channel"})
"""Words of files, which may lose them while complaints go on bearing them."""


def given_in(wanted: Mapping[str, Any], known: Collection[str]) -> dict[str, Any]:
    """The filters that were given: what says nothing was not.

    :param known: their names.
    :raises Invalid: naming those that nobody knows.
    """
    unknown = sorted(set(wanted) - set(known))
    if unknown:
        raise Invalid("invalid_fields", fields={name: ["unknown_field"] for name in unknown})
    return {name: value for name, value in wanted.items() if not is_blank(value)}


def _by_nobody(_name: str, _word: str) -> bool:
    return False


def words_of(
    tenant: Tenant, wanted: Mapping[str, Any], borne: Callable[[str, str], bool] = _by_nobody
) -> dict[str, str | None]:
    """The filters by one word each, as the tenant's lists and procedures spell it; none for those that are not asked.

    :param borne: whether complaints bear a word of a filter: one that a file has lost finds them all the same.
    :raises Invalid: if nobody knows such a word.
    """
    given = {name: str(wanted[name]) for name in WORDS if name in wanted}
    try:
        return _listed(tenant, given)
    except Invalid as unknown:
        kept = {name: given[name] for name in unknown.fields or () if name in _LOST and borne(name, given[name])}
        if not kept:
            raise
        rest = {name: word for name, word in wanted.items() if name not in kept}
        return words_of(tenant, rest, borne) | kept


def _listed(tenant: Tenant, given: Mapping[str, str]) -> dict[str, str | None]:
    entries, sops = tenant.entries, tenant.sops.values()
    known: dict[str, Mapping[str, str]] = {
        "category": dict.fromkeys(entries.categories.values(), ""),
        "agency": {agency.id: agency.name for agency in tenant.agencies},
        "step": dict.fromkeys((step.id for sop in sops for step in sop.steps), ""),
        "channel": dict.fromkeys((channel for sop in sops for channel in known_channels(sop)), ""),
        "classification": dict.fromkeys(CLASSES, ""),
    }
    found = {name: one_of(name, word, known[name]) for name, word in given.items() if name in known}
    if "ticket" in given:
        found["ticket"] = _ticket(tenant, given["ticket"])
    return {name: found.get(name) for name in WORDS} | _places(entries, given)


def _ticket(tenant: Tenant, given: str) -> str:
    found = ticket_of(given, tenant.ticket_prefixes)
    if "-" not in found:
        example = new_ticket(next(iter(tenant.ticket_prefixes)), 2026, 123)
        raise Invalid("invalid_fields", fields={"ticket": [field_message("not_a_ticket", example=example)]})
    return found


def _places(entries: Entries, given: Mapping[str, str]) -> dict[str, str | None]:
    """The places asked for. Of all the villages of a government only those alike are told, or those nearby."""
    kecamatan, desa = (
        entries.kecamatan(given.get("kecamatan")),
        entries.desa(given.get("desa")),
    )
    wrong = {}
    if "kecamatan" in given and kecamatan is None:
        wrong["kecamatan"] = [not_among(entries.kecamatans.values(), "unknown_kecamatan")]
    if "desa" in given and desa is None:
        near = entries.places.get(kecamatan or "") or alike(given["desa"], entries.desas.values())
        wrong["desa"] = [not_among(near, "unknown_desa")]
    if wrong:
        raise Invalid("invalid_fields", fields=wrong)
    return {"kecamatan": kecamatan, "desa": desa}
