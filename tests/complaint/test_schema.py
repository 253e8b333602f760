"""What can be a complaint, and what cannot."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.base.errors import Invalid
from shared.domain.complaint.rows import load_row
from shared.domain.complaint.schema import MOST_TEXT, load_submission, load_supplement


def _refused(data: object) -> dict[str, list[str]]:
    with pytest.raises(Invalid) as caught:
        load_submission(data)
    return caught.value.fields


def test_a_message_is_enough() -> None:
    """A complaint needs nothing but a message; privacy and channel have defaults."""
    assert {"message": "Jalan rusak", "privacy": "open", "channel": "web"} == load_submission(
        {"message": "Jalan rusak"}
    )


def test_everything_that_may_be_said() -> None:
    """Every field of the published shape is kept, texts stripped, times in UTC."""
    complaint = {
        "reporter": {
            "name": " Siti ",
            "address": "Jl. Mawar 1\nKesugihan",
            "phone": "0812",
            "email": "siti@example.com",
            "identity": "33010",
        },
        "title": "Jalan",
        "message": "Jalan rusak",
        "location": {"kecamatan": "Kesugihan", "desa": "Slarang", "lat": -7.6, "lon": 109},
        "attachments": ["foto-1.jpg"],
        "privacy": "secret",
        "channel": "whatsapp",
        "external_id": "wamid.1",
        "category": "JALAN",
        "classification": "complaint",
        "occurred_at": "2026-10-05T08:00:00+07:00",
    }

    loaded = load_submission(complaint)

    assert {
        **complaint,
        "reporter": {**complaint["reporter"], "name": "Siti"},  # type: ignore[dict-item]
        "occurred_at": "2026-10-05T01:00:00+00:00",
    } == loaded


def test_blank_counts_as_absent() -> None:
    """What a form sends for an empty field is no different from leaving it out, and never costs a default."""
    loaded = load_submission(
        {"message": "Banjir", "title": "", "reporter": {"name": "  ", "phone": None}, "location": None, "privacy": None}
    )

    assert {"message": "Banjir", "privacy": "open", "channel": "web"} == loaded


@pytest.mark.parametrize(
    ("data", "fields"),
    [
        ({}, {"message": ["required"]}),
        ({"message": None}, {"message": ["required"]}),
        ({"message": " \n"}, {"message": ["required"]}),
        ({"message": 7}, {"message": ["not_a_text"]}),
        ({"message": "x" * (MOST_TEXT + 1)}, {"message": [f"too_long?max={MOST_TEXT}"]}),
        ({"message": "x", "privacy": "public"}, {"privacy": ["not_a_choice?choices=open%2C+anonymous%2C+secret"]}),
        ({"message": "x", "reporter": "Siti"}, {"reporter": ["not_an_object"]}),
        ({"message": "x", "reporter": {"nama": "Siti"}}, {"reporter.nama": ["unknown_field"]}),
        ({"message": "x", "reporter": {"phone": 812}}, {"reporter.phone": ["not_a_text"]}),
        ({"message": "x", "reporter": {"email": "siti at home"}}, {"reporter.email": ["not_an_email"]}),
        ({"message": "x", "reporter": {"email": "a@b.id\r\nBcc: c@d.id"}}, {"reporter.email": ["control_characters"]}),
        ({"message": "x", "location": {"lat": "utara"}}, {"location.lat": ["not_a_number"]}),
        ({"message": "x", "location": {"lat": True}}, {"location.lat": ["not_a_number"]}),
        ({"message": "x", "location": {"lat": float("nan")}}, {"location.lat": ["not_a_number"]}),
        ({"message": "x", "location": {"lat": 10**400}}, {"location.lat": ["not_a_number"]}),
        ({"message": "x", "location": {"lat": 91}}, {"location.lat": ["out_of_range?min=-90&max=90"]}),
        ({"message": "x", "attachments": "foto.jpg"}, {"attachments": ["not_a_list"]}),
        ({"message": "x", "attachments": ["a", 1]}, {"attachments.1": ["not_a_text"]}),
        ({"message": "x", "attachments": ["a"] * 21}, {"attachments": ["too_many?max=20"]}),
        ({"message": "x", "occurred_at": "kemarin"}, {"occurred_at": ["not_an_instant"]}),
        ({"message": "x", "occurred_at": "2026-10-05T08:00:00"}, {"occurred_at": ["instant_without_offset"]}),
        ({"message": "x", "occurred_at": "0001-01-01T00:00:00+07:00"}, {"occurred_at": ["not_an_instant"]}),
        ({"message": "x", "channel": "Whats App"}, {"channel": ["not_a_slug"]}),
        ({"message": "x\x00"}, {"message": ["control_characters"]}),
        ({"message": "x\ud800"}, {"message": ["control_characters"]}),
        ({"message": "x", "pesan": "y"}, {"pesan": ["unknown_field"]}),
        ([], {"body": ["not_an_object"]}),
        (None, {"body": ["not_an_object"]}),
    ],
)
def test_what_cannot_be_a_complaint(data: object, fields: dict[str, list[str]]) -> None:
    """What does not fit is refused by the name of the field, and the value that was refused is not told."""
    assert fields == _refused(data)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
_NAMES = st.sampled_from(
    ["message", "title", "reporter", "location", "privacy", "channel", "occurred_at", "external_id"]
)


@given(st.dictionaries(_NAMES, _JSON))
def test_any_json_is_loaded_or_refused(data: dict[str, Any]) -> None:
    """Whatever a stranger sends is either loaded, and then loads to the same again, or refused as invalid."""
    try:
        loaded = load_submission(data)
    except Invalid:
        return

    assert loaded == load_submission(loaded)
    loaded["message"].encode()


def test_a_supplement_may_be_any_field() -> None:
    """A supplement brings no defaults of its own, or it would overwrite what was filed."""
    assert {"reporter": {"address": "Jl. Melati 2"}} == load_supplement({"reporter": {"address": "Jl. Melati 2"}})


def test_an_empty_supplement_is_refused() -> None:
    """To supplement nothing is a mistake of the caller's."""
    with pytest.raises(Invalid, match="nothing_given"):
        load_supplement({"title": "", "reporter": {}})


def test_a_row_of_a_file() -> None:
    """A row with dotted columns is the same complaint as its JSON."""
    row = {"message": "Banjir", "reporter.name": "Budi", "location.lat": "-7.5", "location.lon": "", "title": None}

    assert load_submission({"message": "Banjir", "reporter": {"name": "Budi"}, "location": {"lat": -7.5}}) == load_row(
        row
    )


def test_a_row_with_a_mistake() -> None:
    """A wrong cell is named by its column, as over HTTP."""
    with pytest.raises(Invalid) as caught:
        load_row({"message": "x", "location.lat": "utara", "reporter": "Budi", "reporter.name": "Budi"})

    assert {"location.lat": ["not_a_number"], "reporter": ["not_an_object"]} == caught.value.fields
