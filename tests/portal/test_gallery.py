"""The list on which all that is promised of every page is tried has every page."""

from flask import Flask

from portal.api import PREFIX
from portal.pages.frame.access_table import ACCESS
from tests.pages.gallery import NO_PAGES, SIGHTS


def test_every_page_is_in_the_gallery_or_is_named_as_none(app: Flask) -> None:
    """Whatever a browser may be led to; a new page without a place fails here."""
    there = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and rule.endpoint in ACCESS and not rule.rule.startswith(PREFIX)
    }

    assert there == {*NO_PAGES, *(sight.endpoint for sight in SIGHTS if sight.endpoint)}
    assert not set(NO_PAGES) & {sight.endpoint for sight in SIGHTS}
