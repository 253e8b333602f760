"""Where a dossier is after an action, as the address of the page that follows says it."""

from typing import Any

import pytest
from flask import Flask

from portal.pages.frame.asked import left_out
from portal.pages.officer.handed_on import told_of, where_now
from shared.domain.tenants import load_tenant
from shared.platform.settings import PROJECT


@pytest.mark.parametrize(
    ("view", "sentence"),
    [
        ({"actor": "operator", "agency": "dishub"}, "Sekarang di Admin OPD, Dinas Perhubungan."),
        ({"actor": "coordinator", "agency": "dishub"}, "Sekarang di Admin Utama (Dinas Komunikasi dan Informatika)."),
        ({"actor": "operator", "agency": "closed_office"}, "Sekarang di Admin OPD."),
        ({"actor": None, "agency": "dishub"}, "Berkasnya selesai."),
        ({"actor": "role_of_before", "agency": "dishub"}, None),
    ],
)
def test_what_the_address_says_is_what_the_page_knows(view: dict[str, Any], sentence: str | None) -> None:
    """Role and office; of a role or an office that is no more nothing, so that a page never says it left that out."""
    home = load_tenant(PROJECT / "tenants" / "cilacap")
    with Flask("test").test_request_context("/", query_string={"bahasa": "id", **told_of(view, home)}):
        assert (sentence, ()) == (where_now(home), left_out())
