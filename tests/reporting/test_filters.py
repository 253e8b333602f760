"""Every filter of the search is refused for what its list does not hold, and takes what it holds in any spelling."""

from collections.abc import Iterator
from typing import Any

import pytest

from services.reporting.projection import RecapProjection
from services.reporting.search import FILTERS, search
from shared.application.dossiers.codec import decode
from shared.base.caller import Caller
from shared.base.errors import Invalid
from shared.store.projection.runner import apply_batch
from shared.wording.catalogue import catalogue
from tests.fixtures.office import Office

_DESK = Caller("cilacap", "coordinator")


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    """A government with one complaint."""
    opened = Office(database_url)
    opened.file(
        reporter={"name": "Siti Rahayu", "phone": "0812-3456-7777"},
        category="Kesehatan",
        location={"kecamatan": "Dayeuhluhur", "desa": "Hanum"},
    )
    apply_batch(opened.runtime.database, RecapProjection(), decode, opened.news())
    yield opened
    opened.close()


_UNKNOWN: dict[str, Any] = {
    "ticket": "XYZ-1",
    "phone": "tidak ada",
    "category": "Kesehatann",
    "kecamatan": "Dayeuhluhurr",
    "desa": "Hanumm",
    "agency": "dinas-x",
    "step": "nowhere",
    "channel": "merpati",
    "classification": "gossip",
    "status": ["in_progress", "shut"],
    "state": "ajar",
    "counted": "forgotten",
    "since": "kemarin",
    "until": "2026-02-30",
}
_KNOWN: dict[str, Any] = {
    "category": " KESEHATAN",
    "kecamatan": "Kec. dayeuhluhur",
    "desa": "DESA HANUM",
    "channel": "Web",
    "status": ["In Progress"],
    "state": "OPEN",
    "phone": "+62 812 3456 7777",
    "name": "siti  rahayu",
}


def test_every_filter_is_in_the_table() -> None:
    """A new filter without its refusal is noticed here; only a name may be anything."""
    assert {*_UNKNOWN, "name"} == FILTERS


def test_what_no_list_holds_is_refused_by_name(office: Office) -> None:
    """With the field, and with what to do instead, in both languages: else a mistyped filter says "nothing found"."""
    refused = {}
    for name, value in {**_UNKNOWN, "kelurahan": "Hanum"}.items():
        with pytest.raises(Invalid) as caught:
            search(office.runtime, _DESK, "cilacap", {name: value})
        refused[name] = set(caught.value.fields)
        for language in ("id", "en"):
            [[sentence]] = catalogue().field_sentences(caught.value, language).values()
            assert "…" not in sentence

    assert {name: {name} for name in (*_UNKNOWN, "kelurahan")} == refused


def test_a_village_that_is_mistyped_is_guessed(office: Office) -> None:
    """Of hundreds of villages only those are told that may have been meant, or those of the sub-district named."""
    told = []
    for wanted in ({"desa": "Hanumm"}, {"desa": "Hanumm", "kecamatan": "Dayeuhluhur"}):
        with pytest.raises(Invalid) as caught:
            search(office.runtime, _DESK, "cilacap", wanted)
        told.append(catalogue().field_sentences(caught.value, "en")["desa"][0])

    assert ["Hanum" in each for each in told] == [True, True]
    assert [True, False] == [each.count(",") < 7 for each in told]


@pytest.mark.parametrize("name", sorted(_KNOWN))
def test_what_a_list_holds_is_taken_in_any_spelling(office: Office, name: str) -> None:
    """As people write it."""
    assert 1 == len(search(office.runtime, _DESK, "cilacap", {name: _KNOWN[name]})["items"])


@pytest.mark.parametrize("blank", ["", " ", "\u200b", None])
def test_a_blank_filter_asks_for_nothing(office: Office, blank: str | None) -> None:
    """As if it had not been given."""
    wanted = {name: [blank] if name == "status" and blank else blank for name in FILTERS}

    assert 1 == len(search(office.runtime, _DESK, "cilacap", wanted)["items"])


_LOST = dict.fromkeys(("category", "kecamatan", "desa", "agency", "step", "channel"), "lama")


def test_what_a_file_has_lost_is_found_while_complaints_bear_it(office: Office) -> None:
    """An office, a step, a village that is in no list any more: what lies there is what somebody has to find."""
    columns = ", ".join(f"{name} = 'lama'" for name in _LOST)
    office.rows(f"UPDATE reporting.cases SET {columns}")
    found = [len(search(office.runtime, _DESK, "cilacap", wanted)["items"]) for wanted in ({"agency": "lama"}, _LOST)]
    for name in _LOST:
        assert 1 == len(search(office.runtime, _DESK, "cilacap", {name: "lama"})["items"])
        for odd in ("lama\x00", "lamaa", "lama\ud800"):
            with pytest.raises(Invalid) as caught:
                search(office.runtime, _DESK, "cilacap", {**_LOST, name: odd})
            assert [name] == list(caught.value.fields)

    assert [1, 1] == found
