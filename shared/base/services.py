"""The services by name: each is a folder, a queue, and a schema of the database."""

from typing import Final, Literal, get_args

ServiceName = Literal["intake", "routing", "sla", "notify", "reporting"]
SERVICES: Final[tuple[ServiceName, ...]] = get_args(ServiceName)
