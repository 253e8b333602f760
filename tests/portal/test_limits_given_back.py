"""What was counted against somebody is counted no more, where it came to nothing by a fault of ours."""

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any, Final

import pytest
from werkzeug.test import TestResponse

from shared.base.clock import SimulatedClock
from shared.base.errors import Unavailable
from tests.portal.memory_gateway import CODE, MemoryGateway
from tests.portal.test_limits import Stranger, now, stranger

__all__ = ["now", "stranger"]

_AWAY: Final = ("service_unavailable", {"service": "intake"})
_UNKNOWN: Final = ("outcome_unknown", {"service": "intake", "key": "k"})
_HIDDEN: Final = re.compile(r'<input type="hidden" name="([a-z_.]+)" value="([^"]*)"')
_COMPLAINTS: Final = "/api/v1/cilacap/complaints"


def _files(stranger: Stranger, _ticket: str) -> TestResponse:
    return stranger.files()


def _uploads(stranger: Stranger, ticket: str) -> TestResponse:
    path = f"{_COMPLAINTS}/{ticket}/files?code={CODE}"
    return stranger.asks("POST", path, data={"file": (BytesIO(b"%PDF-1.7 x"), "a.pdf")})


def _enters(stranger: Stranger, ticket: str) -> TestResponse:
    """By the page, on which a wrong code counts as a guess."""
    return _entered(stranger, ticket, CODE)


def _entered(stranger: Stranger, ticket: str, code: str) -> TestResponse:
    heard: dict[str, Any] = {"base_url": "https://localhost"}
    hidden = dict(_HIDDEN.findall(stranger.asks("GET", "/cilacap/lacak", **heard).text))
    form = {**hidden, "ticket": ticket, "code": code}
    return stranger.asks("POST", "/cilacap/lacak", data=form, **heard)


@pytest.mark.parametrize(("does", "most"), [(_files, 4), (_uploads, 20), (_enters, 5)])
def test_what_a_part_that_is_away_did_not_do_is_not_counted(
    stranger: Stranger, gateway: MemoryGateway, does: Callable[[Stranger, str], TestResponse], most: int
) -> None:
    """However often it was tried meanwhile, as much is taken afterwards as ever."""
    ticket = (stranger.files().json or {})["ticket"]
    for _ in range(most + 2):
        gateway.refusal = Unavailable(*_AWAY)
        assert 503 == does(stranger, ticket).status_code

    assert not {429, 503} & {does(stranger, ticket).status_code for _ in range(most)}


def test_what_may_have_been_done_stays_counted(stranger: Stranger, gateway: MemoryGateway) -> None:
    """Nobody knows: it may be there."""
    for _ in range(5):
        gateway.refusal = Unavailable(*_UNKNOWN)
        assert 503 == stranger.files().status_code

    assert 429 == stranger.files().status_code


def test_guesses_stay_counted_whatever_was_away_between_them(stranger: Stranger, gateway: MemoryGateway) -> None:
    """Only what could not be looked at is given back."""
    ticket = (stranger.files().json or {})["ticket"]
    for _ in range(5):
        gateway.refusal = Unavailable(*_AWAY)
        assert [503, 404] == [_entered(stranger, ticket, "SALAH234").status_code for _ in range(2)]

    assert 429 == _enters(stranger, ticket).status_code


def test_nothing_is_given_back_to_a_later_time(
    stranger: Stranger, gateway: MemoryGateway, now: SimulatedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was counted in an hour that is over meanwhile is not taken from the next."""
    in_time = gateway.file

    def late(*arguments: Any, **options: Any) -> Any:
        monkeypatch.setattr(gateway, "file", in_time)
        now.move_to(now.now() + timedelta(hours=1))
        assert 201 == stranger.files().status_code
        raise Unavailable(*_AWAY)

    monkeypatch.setattr(gateway, "file", late)
    assert 503 == stranger.files().status_code

    assert [201] * 4 + [429] == [stranger.files().status_code for _ in range(5)]


def test_what_an_installed_page_kept_is_counted_as_the_page_s(stranger: Stranger) -> None:
    """Its form may be filed by more often than a stranger's program files; and both are counted together."""
    own = {"Sec-Fetch-Site": "same-origin"}
    ticket = (stranger.files().json or {})["ticket"]
    path = f"{_COMPLAINTS}/{ticket}/files?code={CODE}"
    photos = [
        stranger.asks("POST", path, data={"file": (BytesIO(b"%PDF-1.7 x"), "a.pdf")}, headers=own) for _ in range(24)
    ]

    assert [201] * 60 + [429] == [stranger.files(own).status_code for _ in range(61)]
    assert 429 not in {each.status_code for each in photos}
    assert [201] * 4 + [429] == [stranger.files({"Sec-Fetch-Site": "cross-site"}).status_code for _ in range(5)]
