"""Beginnings of answers, offered beside the forms that take one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from portal.pages.officer.deeds import Deed
from shared.base.caller import Caller
from shared.domain.tenants import Tenant

_FIELDS: Final = ("text", "response")
_ANSWERS: Final = ("answer", "interim", "forward", "approve")


@dataclass(frozen=True)
class Beginning:
    """One of them, with what the page knows filled in."""

    id: str
    title: str
    text: str


def beginnings(view: Mapping[str, Any], home: Tenant, caller: Caller) -> tuple[Beginning, ...]:
    """Those that the reader's office may take."""
    office = home.agency_name(caller.agency) or home.name
    known = {"{ticket}": view["ticket"], "{office}": office}
    return tuple(Beginning(each.id, each.title, _known(each.text, known)) for each in home.answers_for(caller.agency))


def field_of(deed: Deed) -> str | None:
    """The field of a form that an answer is written into; none of a form that takes none."""
    if deed.action not in _ANSWERS:
        return None
    return next((name for name in _FIELDS if name in deed.names), None)


def _known(text: str, known: Mapping[str, str]) -> str:
    for place, value in known.items():
        text = text.replace(place, value)
    return text
