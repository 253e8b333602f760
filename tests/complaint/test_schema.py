"""What can be a complaint, and what cannot."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.base.errors import Invalid
from shared.domain.complaint.schema import FIXED, load_submission, load_supplement


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


@pytest.mark.parametrize("blank", [None, "", " ", "\u200b\u2800"])
@pytest.mark.parametrize(
    "empty", ["reporter", "reporter.contacts", "location", "location.lat", "attachments", "occurred_at"]
)
def test_an_empty_field_is_absent_whatever_belongs_in_it(empty: str, blank: str | None) -> None:
    """A form that sends an empty text for a number, a list or an object has not filled it in: no reason to refuse."""
    inside, _, name = empty.rpartition(".")
    field = {inside: {name: blank}} if inside else {name: blank}

    assert {"message": "Banjir", "privacy": "open", "channel": "web"} == load_submission({"message": "Banjir", **field})


@pytest.mark.parametrize(
    ("data", "fields"),
    [
        ({}, {"message": ["required"]}),
        ({"message": None}, {"message": ["required"]}),
        ({"message": " \n"}, {"message": ["required"]}),
        ({"message": "\u200b\u3164"}, {"message": ["required"]}),
        ({"message": "\x00\ud800"}, {"message": ["required"]}),
        ({"message": 7}, {"message": ["not_a_text"]}),
        ({"message": "x", "title": 7}, {"title": ["not_a_text"]}),
        ({"message": "x", "category": ["x"]}, {"category": ["not_a_text"]}),
        ({"message": "x", "occurred_at": 44000}, {"occurred_at": ["not_a_text"]}),
        ({"message": "x", "as_written": {"title": "x"}}, {"as_written": ["unknown_field"]}),
        ({"message": "x", "privacy": "public"}, {"privacy": ["not_a_choice?choices=open%2C+anonymous%2C+secret"]}),
        ({"message": "x", "reporter": "Siti"}, {"reporter": ["not_an_object"]}),
        ({"message": "x", "reporter": {"nama": "Siti"}}, {"reporter.nama": ["unknown_field"]}),
        ({"message": "x", "reporter": {"phone": 812}}, {"reporter.phone": ["not_a_text"]}),
        ({"message": "x", "location": {"lat": "utara"}}, {"location.lat": ["not_a_number"]}),
        ({"message": "x", "location": {"lat": True}}, {"location.lat": ["not_a_number"]}),
        ({"message": "x", "attachments": "foto.jpg"}, {"attachments": ["not_a_list"]}),
        ({"message": "x", "attachments": ["a", 1]}, {"attachments.1": ["not_a_text"]}),
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

    usable = {name: value for name, value in loaded.items() if name != "as_written"}
    assert usable == load_submission(usable)
    json.dumps(loaded, ensure_ascii=False).encode()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("reporter.email", "-"),
        ("reporter.email", "siti at home"),
        ("reporter.email", "a" * 250 + "@b.id"),
        ("location.lat", 91),
        ("location.lat", float("nan")),
        ("location.lon", -180.01),
        ("location.lon", 10**400),
        ("location.text", "x" * 301),
        ("classification", "komplain"),
        ("occurred_at", "kemarin"),
        ("occurred_at", "2026-10-05T08:00:00"),
        ("occurred_at", "0001-01-01T00:00:00+07:00"),
        ("occurred_at", "9999-12-31T23:59:59-07:00"),
        ("occurred_at", "1970-01-01T00:00:00Z"),
        ("occurred_at", "1999-12-31T23:59:59Z"),
    ],
)
def test_a_side_field_that_cannot_be_used_is_kept_as_written(field: str, value: object) -> None:
    """The complaint is taken all the same; what was written is not lost, and not taken for what it is not."""
    part, _, name = field.rpartition(".")
    loaded = load_submission({"message": "Jalan rusak", **({part: {name: value}} if part else {name: value})})

    assert {
        "message": "Jalan rusak",
        "privacy": "open",
        "channel": "web",
        "as_written": {field: str(value)},
    } == loaded


@pytest.mark.parametrize(
    ("field", "value"),
    [("reporter.email", "-"), ("location.lat", 91), ("location.text", "x" * 301), ("occurred_at", "besok")],
)
def test_whoever_supplements_is_told(field: str, value: object) -> None:
    """They are there to give it anew."""
    part, _, name = field.rpartition(".")
    with pytest.raises(Invalid) as caught:
        load_supplement({part: {name: value}} if part else {name: value})

    assert [field] == list(caught.value.fields)


_LONG = "x" * 30_000


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"title": "Jalan\nrusak"}, {"title": "Jalan rusak"}),
        ({"title": "Jalan\r\nrusak"}, {"title": "Jalan rusak"}),
        ({"title": "Jalan\u2028rusak"}, {"title": "Jalan rusak"}),
        ({"message": "Jalan\u000brusak"}, {"message": "Jalan rusak"}),
        ({"message": "Jalan\u000crusak\nparah"}, {"message": "Jalan rusak\nparah"}),
        ({"message": "Jalan\x00rusak\ud83d"}, {"message": "Jalan rusak"}),
        ({"message": "\ufeffJalan rusak\u200e"}, {"message": "Jalan rusak"}),
        ({"reporter": {"name": "Siti\tAminah"}}, {"reporter": {"name": "Siti Aminah"}}),
        ({"reporter": {"name": "\u200b"}, "title": "\u2800"}, {}),
        ({"message": _LONG, "title": _LONG}, {"message": _LONG, "title": _LONG}),
        ({"reporter": {"phone": _LONG}}, {"reporter": {"phone": _LONG}}),
        ({"attachments": ["a", "\u200b", None, _LONG] * 20}, {"attachments": ["a", _LONG] * 20}),
        ({"privacy": " Secret "}, {"privacy": "secret"}),
        ({"classification": "QUESTION"}, {"classification": "question"}),
    ],
)
def test_signs_and_length_refuse_nothing(given: dict[str, Any], kept: dict[str, Any]) -> None:
    """Control characters become blanks, what cannot be seen is stripped at the ends, and long texts stay whole."""
    basis = {"message": "Jalan rusak", "privacy": "open", "channel": "web"}

    assert {**basis, **kept} == load_submission({"message": "Jalan rusak", **given})


def test_a_family_stays_a_family() -> None:
    """What joins and colours the parts of one sign inside a text, and of its last one, is left alone."""
    text = "Anak \U0001f468\u200d\U0001f469\u200d\U0001f467 jatuh \u2764\ufe0f"

    assert text == load_submission({"message": f" {text}\u200b "})["message"]


_ANY = st.none() | st.text(st.characters())
_NUMBER = st.none() | st.integers() | st.floats()
_TYPED = st.fixed_dictionaries(
    {"message": st.text(st.characters()).map(lambda text: f"x{text}")},
    optional={
        **dict.fromkeys(("title", "channel", "external_id", "category", "classification", "occurred_at"), _ANY),
        "reporter": st.none()
        | st.dictionaries(st.sampled_from(["name", "address", "phone", "email", "identity"]), _ANY),
        "location": st.none()
        | st.fixed_dictionaries({}, optional={"kecamatan": _ANY, "desa": _ANY, "lat": _NUMBER, "lon": _NUMBER}),
        "attachments": st.none() | st.lists(_ANY),
        "privacy": st.sampled_from([None, "", " ", "open", "Anonymous", " SECRET "]),
    },
)


@given(_TYPED)
def test_no_value_of_the_right_type_is_refused(data: dict[str, Any]) -> None:
    """Whatever stands in a side field, a complaint with a message is one, and can be kept as JSON."""
    loaded = load_submission(data)

    assert loaded["message"]
    assert loaded["privacy"] in ("open", "anonymous", "secret")
    json.dumps(loaded, ensure_ascii=False, allow_nan=False).encode()


def test_a_supplement_may_be_any_field() -> None:
    """A supplement brings no defaults of its own, or it would overwrite what was filed."""
    assert {"reporter": {"address": "Jl. Melati 2"}} == load_supplement({"reporter": {"address": "Jl. Melati 2"}})


@pytest.mark.parametrize("name", FIXED)
def test_how_it_came_in_is_no_matter_of_a_supplement(name: str) -> None:
    """A field that could have no effect is refused by its name; null and blank ask for nothing."""
    with pytest.raises(Invalid) as caught:
        load_supplement({"title": "Jalan", name: "web"})

    assert {name: ["fixed_at_filing"]} == caught.value.fields
    assert {"title": "Jalan"} == load_supplement({"title": "Jalan", name: None})
    assert {"title": "Jalan"} == load_supplement({"title": "Jalan", name: " "})


def test_an_empty_supplement_is_refused() -> None:
    """To supplement nothing is a mistake of the caller's."""
    with pytest.raises(Invalid, match="nothing_given"):
        load_supplement({"title": "", "reporter": {}})
