"""The first part of an address as the name of a government that there is: any other address is nobody's."""

from typing import Final

from flask import request
from werkzeug.routing import BaseConverter, Map, ValidationError

from portal.pages.frame.present import kept
from portal.parts import parts
from shared.domain.all_tenants import Tenants

NAME: Final = "government"


def converter(tenants: Tenants) -> type[BaseConverter]:
    """The converter ``<government:tenant>``."""

    class Government(BaseConverter):
        """Takes the names of governments only."""

        def __init__(self, url_map: Map) -> None:
            super().__init__(url_map)

        def to_python(self, value: str) -> str:
            """The name.

            :raises ValidationError: if there is no such government.
            """
            if not tenants.has(value):
                raise ValidationError
            return value

    return Government


def named() -> str | None:
    """The government that the present address names, if we know it; also of an address where there is nothing."""
    here = kept()
    try:
        found: str | None = here.named
    except AttributeError:
        told = (request.view_args or {}).get("tenant") if request.url_rule is not None else request.path.split("/")[1]
        here.named = found = told if told and parts().runtime.tenants.has(told) else None
    return found
