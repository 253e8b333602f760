"""Citizens entering their accounts, with the code that was brought to their mailbox."""

import re

from services.notify.outbox import Outbox
from tests.fixtures.waiting import eventually
from tests.journey.installation import Api
from tests.pages.visitor import Page, Visitor


def code_for(api: Api, address: str) -> str:
    """The latest code that was brought to a mailbox."""
    assert api.data is not None
    outbox = Outbox(api.data / "outbox")

    def brought() -> list[str]:
        return [each.text for each in outbox.letters() if address in each.to]

    eventually(lambda: bool(brought()))
    return re.findall(r"\b\d{6}\b", brought()[-1])[0]


def enter(api: Api, somebody: Visitor, address: str) -> Page:
    """Ask for a code and enter with it."""
    asked = somebody.send(somebody.get("/cilacap/saya/masuk"), "/saya/masuk", email=address)
    assert "Isi kode" == asked.heading, asked.text
    return somebody.send(asked, "/saya/kode", code=code_for(api, address))
