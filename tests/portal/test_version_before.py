"""Officers' pages beside services of the version before, while an upgrade goes on."""

from uuid import uuid4

from flask.testing import FlaskClient

from portal.pages.officer import visits
from shared.application.identity.sessions import Sessions
from shared.application.identity.users import Users
from shared.application.runtime import Runtime
from shared.base.caller import Caller

_PASSWORD = "kata sandi panjang"


def test_an_inbox_offers_no_list_that_nobody_can_tell(client: FlaskClient, runtime: Runtime) -> None:
    """They count nothing at the other desks of an office and know no list of it; all desks they show as before."""
    users, name = Users(runtime.database, runtime.randomness), f"operator-{uuid4().hex[:8]}"
    users.add(Caller("cilacap", "operator", "dpupr", user=name), _PASSWORD)
    entered = users.log_in("cilacap", name, _PASSWORD, "127.0.0.1")
    word = Sessions(runtime.database, runtime.randomness).begin(entered)
    client.set_cookie(visits.COOKIE, word, domain="localhost", secure=True)
    page = client.get("/cilacap/meja", base_url="https://localhost")

    assert (200, True) == (page.status_code, "semua meja dinas ini" in page.text)
    assert "meja lain" not in page.text
