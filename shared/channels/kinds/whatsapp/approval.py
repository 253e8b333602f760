"""Whether the provider knows of a business account what is needed of it: templates approved, and our hook subscribed.

Source: Meta's documents of the WhatsApp Business Management API (``message_templates``, ``subscribed_apps``).
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from shared.channels.kinds.parsing import objects, part, text

Ask = Callable[[str], Mapping[str, Any] | None]
"""Looks something of the account's up; none if the provider does not tell."""

_PLACE: Final = re.compile(r"\{\{\s*\w+\s*\}\}")
_APPROVED: Final = "APPROVED"
_TEMPLATES: Final = "message_templates?fields=name,language,status,components&limit=250"
_SUBSCRIBED: Final = "subscribed_apps"


def faults(business: str, templates: Mapping[str, Any], ask: Ask) -> Iterator[str]:
    """What is wrong, a sentence each.

    :param business: the account's id.
    :param templates: by meaning, each with ``name``, ``language`` and ``values``.
    """
    subscribed = ask(f"{business}/{_SUBSCRIBED}")
    if subscribed is None:
        yield f"the business account {business} is not found with this access_token"
        return
    if not objects(subscribed.get("data")):
        yield f"no app is subscribed to the business account {business}: nothing will be delivered"
    if not templates:
        return
    found = ask(f"{business}/{_TEMPLATES}")
    if found is None:
        yield f"the templates of the business account {business} cannot be looked up"
        return
    known = {(text(each.get("name")), text(each.get("language"))): each for each in objects(found.get("data"))}
    for meaning, template in templates.items():
        yield from _of_one(meaning, template, known.get((template.name, template.language)))


def _of_one(meaning: str, template: Any, found: Mapping[str, Any] | None) -> Iterator[str]:
    name = f"the template {template.name} ({template.language}) for {meaning!r}"
    if found is None:
        yield f"{name} is not known to the provider"
        return
    status = text(found.get("status"), 40)
    if status != _APPROVED:
        yield f"{name} is not approved: {status or 'no status'}"
    bodies = [text(each.get("text")) for each in objects(found.get("components")) if each.get("type") == "BODY"]
    places = len(set(_PLACE.findall(bodies[0]))) if bodies else 0
    if places != len(template.values):
        yield f"{name} has {places} places, and channels.yaml gives it {len(template.values)} values"


def answered(status: int, data: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The provider's answer to a look-up; none if it is a refusal."""
    return None if status != 200 or part(data, "error") else data
