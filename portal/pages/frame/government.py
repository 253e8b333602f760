"""The first part of an address as the name of a government that there is: any other address is nobody's."""

from werkzeug.routing import BaseConverter, Map, ValidationError

from shared.domain.all_tenants import Tenants

NAME = "government"


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
