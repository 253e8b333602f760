"""Who may ask for what: every endpoint that is no page has a row here, or nothing starts.

The rows say who is let in; the services decide again what of it somebody may see or do. Pages have a table of their
own, :mod:`portal.pages.access_table`.
"""

from collections.abc import Mapping
from typing import Final, Literal

from flask import Flask

from portal.access import require_officer
from portal.api import clock
from portal.api.citizens import require_citizen
from portal.pages.access_table import ACCESS as PAGES

Door = Literal[
    "everybody",
    "holder",
    "citizen",
    "officer",
    "reader",
    "contributor",
    "doer",
    "desk",
    "overseer",
    "administrator",
    "provider",
]
"""Who is let in.

* ``everybody``: without a token, though an officer may send one.
* ``holder``: of the complaint's tracking code.
* ``citizen``: in their own account.
* ``officer``: of the government, or an administrator; what they find is narrowed to what is theirs.
* ``reader``: who may read the dossier: the government's own desks, its agency, an administrator.
* ``contributor``: the same without administrators, who read and do not act.
* ``doer``: who holds the action that is asked for.
* ``desk``: one of the government's own desks.
* ``overseer``: the same, and administrators.
* ``administrator``: of the installation.
* ``provider``: of a channel, who proves it by what each channel's kind wants.
"""

ACCESS: Final[Mapping[str, Door]] = {
    "api-docs.openapi_json": "everybody",
    "citizens.ask": "everybody",
    "citizens.enter": "everybody",
    "clock.now": "everybody",
    "clock.move": "administrator",
    "complaints.file": "everybody",
    "complaints.add": "holder",
    "complaints.ask_about_data": "holder",
    "complaints.close": "holder",
    "complaints.own_data": "holder",
    "complaints.rate": "holder",
    "complaints.readers": "holder",
    "complaints.reopen": "holder",
    "complaints.reply": "holder",
    "complaints.supplement": "holder",
    "complaints.track": "holder",
    "complaints.withdraw": "holder",
    "files.add": "contributor",
    "files.fetch": "reader",
    "files.make": "contributor",
    "hooks.deliver": "provider",
    "identities.compared": "desk",
    "identities.to_compare": "desk",
    "officers.act": "doer",
    "officers.clocks": "officer",
    "officers.dossier": "reader",
    "officers.inbox": "officer",
    "officers.recap": "officer",
    "officers.suggestions": "reader",
    "open311.changes": "everybody",
    "open311.discovery": "everybody",
    "open311.file": "everybody",
    "open311.nothing": "everybody",
    "open311.one": "everybody",
    "open311.requests": "everybody",
    "open311.service": "everybody",
    "open311.services": "everybody",
    "open311.tell": "everybody",
    "open311.token": "everybody",
    "operations.health": "everybody",
    "operations.index": "everybody",
    "own files.add_own": "holder",
    "own files.fetch_own": "holder",
    "own_account.add_contact": "citizen",
    "own_account.complaints": "citizen",
    "own_account.desk_number": "citizen",
    "own_account.erase": "citizen",
    "own_account.identify": "citizen",
    "own_account.leave": "citizen",
    "own_account.link": "citizen",
    "own_account.me": "citizen",
    "published.published": "everybody",
    "published.published_one": "everybody",
    "readings.readings": "administrator",
    "registers.drawn": "overseer",
    "registers.drawn_recap": "overseer",
    "registers.register": "officer",
    "registers.search": "officer",
    "sessions.login": "everybody",
    "sops.every": "everybody",
    "sops.one": "everybody",
    "waiting.waiting": "officer",
}
_WITH_A_TOKEN: Final[frozenset[Door]] = frozenset(
    {"officer", "reader", "contributor", "doer", "desk", "overseer", "administrator"}
)


def check(app: Flask) -> None:
    """Every endpoint has its row, every row its endpoint, and whatever is not for everybody asks who is there.

    :raises LookupError: naming what does not fit.
    """
    there = {rule.endpoint for rule in app.url_map.iter_rules()} - set(PAGES)
    astray = there ^ set(ACCESS)
    if astray:
        raise LookupError(f"endpoints and the table of who may ask them differ: {', '.join(sorted(astray))}")
    for endpoint, door in ACCESS.items():
        first = app.before_request_funcs.get(endpoint.rpartition(".")[0], [])
        guarded = require_officer in first or (endpoint == "clock.move" and clock.admit in first)
        if guarded is not (door in _WITH_A_TOKEN) or (require_citizen in first) is not (door == "citizen"):
            raise LookupError(f"{endpoint} is for {door}: what it asks first does not fit")
