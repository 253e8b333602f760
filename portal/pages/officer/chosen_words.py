"""What was chosen in a form, as its list called it: where a form is shown to be copied, it has no lists any more."""

from collections.abc import Mapping
from typing import Final

from portal.pages.officer.choices import LISTED
from portal.pages.officer.words import choice_words
from shared.domain.tenants import Tenant

_CHOSEN: Final = LISTED | {"outcome", "document", "channel"}
"""Fields that are chosen from a list: those of actions, and of the forms that stand beside them."""


def in_words(given: Mapping[str, str], home: Tenant, office: str | None = None) -> dict[str, str]:
    """The fields of a form as they were read on it: offices and units by name, other choices by their words.

    :param given: by the fields' names; whatever is written freely is told as it is.
    :param office: which has the dossier, whose units can be chosen; that which the form names if it names one.
    """
    chosen = given.get("agency") or office
    return {name: _told(name, text, home, chosen) for name, text in given.items()}


def _told(name: str, text: str, home: Tenant, office: str | None) -> str:
    if name == "agency":
        return home.agency_name(text)
    if name == "unit" and office and home.has_agency(office):
        unit = home.agency(office).people.unit(text)
        return unit.name if unit else text
    return choice_words(text) if name in _CHOSEN else text
