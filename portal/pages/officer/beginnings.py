"""Beginnings of answers, offered beside the forms that take one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from portal.pages.officer.deeds import Deed
from portal.parts import parts
from shared.application.answer_words import templates
from shared.base.caller import Caller
from shared.domain.answer_templates import offered_to
from shared.domain.tenants import Tenant

_FIELDS: Final = ("text", "response")
_ANSWERS: Final = ("answer", "interim", "forward", "approve")


@dataclass(frozen=True)
class Beginning:
    """One of them, with what the page knows filled in."""

    id: str
    title: str
    text: str


def beginnings(view: Mapping[str, Any], home: Tenant, caller: Caller, forms: Sequence[Deed]) -> tuple[Beginning, ...]:
    """Those that the reader's office may take; none, and none is looked for, where no form takes an answer."""
    if not any(map(field_of, forms)):
        return ()
    office = home.agency_name(caller.agency) or home.name
    offered = offered_to(caller.agency, templates(parts().runtime.database, home))
    return tuple(Beginning(each.id, each.title, begun(each.text, view["ticket"], office)) for each in offered)


def field_of(deed: Deed) -> str | None:
    """The field of a form that an answer is written into; none of a form that takes none."""
    if deed.action not in _ANSWERS:
        return None
    return next((name for name in _FIELDS if name in deed.names), None)


def begun(text: str, ticket: str, office: str) -> str:
    """A template's text with what the page knows."""
    return text.replace("{ticket}", ticket).replace("{office}", office)
