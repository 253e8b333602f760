"""Which pages a browser may keep, and for how long."""

import pytest
from flask import Flask, Response

from portal.pages.frame.caching import cache_control
from portal.pages.frame.language import keep_choice


@pytest.mark.parametrize(
    ("cookies", "path", "told"),
    [
        ("", "/", "public, max-age=60"),
        ("bahasa=en", "/", "public, max-age=60"),
        ("", "/?bahasa=en", "no-store"),  # sets its cookie
        ("__Host-aduan=x", "/", "no-store"),
        ("bahasa=en; __Host-lacak=x", "/", "no-store"),
    ],
)
def test_a_public_page_is_kept_for_a_minute_by_whoever_is_nobody_in_particular(
    cookies: str, path: str, told: str
) -> None:
    """With a cookie of their own, they see at once what they did; languages are told apart."""
    with Flask("test").test_request_context(path, headers={"Cookie": cookies}):
        response = keep_choice(Response("", mimetype="text/html"))

        assert told == cache_control(response, listed=True, simulated=False)
        assert {"accept-language", "cookie"} <= set(response.vary.as_set())


@pytest.mark.parametrize(
    ("listed", "simulated", "status"), [(False, False, 200), (True, True, 200), (True, False, 404), (True, False, 303)]
)
def test_what_is_not_for_everybody_or_does_not_hold_is_not_kept(listed: bool, simulated: bool, status: int) -> None:
    """Personal pages, failures, and what a clock that is moved by hand may change at once."""
    with Flask("test").test_request_context("/"):
        assert "no-store" == cache_control(Response("", status), listed=listed, simulated=simulated)
