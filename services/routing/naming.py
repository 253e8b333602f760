"""Names that officers give: in the spelling of the government's lists and the SOP's, and no others."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from shared.base.blank import is_blank
from shared.base.names import chosen
from shared.domain.dossier.dossier import Dossier
from shared.domain.sop.model import Action, Sop
from shared.domain.sop.vocabulary import SAID, VIA, VIAS
from shared.domain.tenants import Tenant
from shared.wording.choices import not_among

Choices = Mapping[str, Mapping[str, str]]
"""By field: the words that there are, each with its title."""

_CODES: Final = {
    "agency": "unknown_agency",
    "classification": "unknown_classification",
    "category": "unknown_category",
}


def choices_of(tenant: Tenant, sop: Sop, dossier: Dossier, action: Action, fields: Mapping[str, Any]) -> Choices:
    """What may be chosen in those fields of an action that take one of a few words.

    A unit is one of the agency's that gets the complaint, or has it.

    :param fields: as given; which units there are follows from the agency among them.
    """
    agencies = {agency.id: agency.name for agency in tenant.agencies}
    choices: dict[str, Mapping[str, str]] = {"agency": agencies}
    agency = fields.get("agency") or dossier.agency
    agency = chosen(agency, agencies) if isinstance(agency, str) else None
    if agency is not None:
        choices["unit"] = {unit.id: unit.name for unit in tenant.agency(agency).people.units}
    if action.event == "Classified":
        choices["classification"] = _untitled(sop.classifications)
        choices["category"] = _untitled(dict.fromkeys(tenant.entries.categories.values()))
    if action.event == "Rejected":
        choices["why"] = _untitled(sop.rejections)
    if action.event in SAID:
        choices[VIA] = _untitled(sop.on_behalf.via if sop.on_behalf else ())
    if action.event == "CodeRenewed":
        choices[VIA] = _untitled(VIAS)
    choices["way"] = _untitled(VIAS)
    return {name: known for name, known in choices.items() if name in action.fields}


def named(choices: Choices, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of an action, with every choice as the lists spell it; what is none of them stays as it is."""
    respelled = {name: chosen(fields[name], known) for name, known in _given(choices, fields)}
    return {**fields, **{name: word for name, word in respelled.items() if word is not None}}


def not_named(choices: Choices, fields: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What is none of the choices: the field, and the message that names them.

    A number is none either; where any of a complaint's fields may be given, nobody else looks at it.
    """
    for name in choices:
        if not isinstance(fields.get(name), str) and not is_blank(fields.get(name)):
            yield name, "not_a_text"
    for name, known in _given(choices, fields):
        if chosen(fields[name], known) is None:
            yield name, not_among(known, _CODES.get(name, "not_a_choice"))


def _given(choices: Choices, fields: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, str]]]:
    for name, known in choices.items():
        if isinstance(fields.get(name), str) and not is_blank(fields[name]):
            yield name, known


def _untitled(words: Any) -> dict[str, str]:
    return dict.fromkeys(words, "")
