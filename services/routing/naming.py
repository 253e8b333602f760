"""Names that officers give: in the spelling of the government's lists, and no others."""

from collections.abc import Mapping
from typing import Any

from shared.base.blank import is_blank
from shared.base.errors import Invalid
from shared.domain.sop.model import Action
from shared.domain.tenants import Tenant


def named(tenant: Tenant, action: Action, fields: Mapping[str, Any]) -> Mapping[str, Any]:
    """The fields of an action, with the category as the lists spell it: it stands in clear, and is counted by.

    :raises Invalid: if the lists have no such category.
    """
    category = fields.get("category")
    if action.event != "Classified" or not isinstance(category, str) or is_blank(category):
        return fields
    entry = tenant.entries.category(category)
    if entry is None:
        raise Invalid("invalid_fields", fields={"category": ["unknown_category"]})
    return {**fields, "category": entry}
