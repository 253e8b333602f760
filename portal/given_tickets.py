"""Which dossier a ticket stands for: asked of the service once, since no ticket is ever given out twice."""

from collections.abc import Callable
from functools import lru_cache
from typing import Final

from portal.gateway import Gateway

_MOST: Final = 10_000

DossierOf = Callable[[str, str], str]
"""The id of a government's dossier, by its ticket; raises NotFound, each time anew, if there is none."""


def given_tickets(gateway: Gateway) -> DossierOf:
    """Asks the services, and remembers what they found: two numbers of each, and nothing of what lies behind them.

    Whether its reader may open the dossier is the service's to say, each time it is opened.
    """

    @lru_cache(_MOST)
    def dossier_of(tenant: str, ticket: str) -> str:
        return str(gateway.resolve(tenant, ticket)["id"])

    return dossier_of
