"""A complaint that was completed is the filing and everything that was added."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from shared.domain.dossier.contents import completed, merged, with_names_as_written

_TEXT = st.sampled_from(["a", "b", "c", "d"])
_PLACE = st.fixed_dictionaries({}, optional={"kecamatan": _TEXT, "desa": _TEXT, "lat": st.integers(0, 2)})
_WORDS = st.dictionaries(
    st.sampled_from(["location.kecamatan", "location.desa", "category", "reporter.email"]), _TEXT, min_size=1
)
_OPTIONAL: dict[str, st.SearchStrategy[Any]] = {
    "message": _TEXT,
    "title": _TEXT,
    "attachments": st.lists(_TEXT, min_size=1, max_size=3),
    "reporter": st.dictionaries(st.sampled_from(["name", "address", "email"]), _TEXT, min_size=1),
    "location": _PLACE.filter(bool),
    "category": _TEXT,
    "as_written": _WORDS,
}
_GIVEN = st.fixed_dictionaries({}, optional=_OPTIONAL)


def _said(given: dict[str, Any]) -> dict[str, Any]:
    """As an event tells it: what could be used is not also as written."""
    words = {
        name: value
        for name, value in (given.get("as_written") or {}).items()
        if not (name == "category" and "category" in given)
        and name.partition(".")[2] not in given.get(name.partition(".")[0], {})
    }
    return {
        **{name: value for name, value in given.items() if name != "as_written"},
        **({"as_written": words} if words else {}),
    }


_STORIES = st.lists(_GIVEN.map(_said), min_size=1, max_size=5)


def _whole(story: list[dict[str, Any]]) -> dict[str, Any]:
    complaint: dict[str, Any] = {}
    for number, given_then in enumerate(story):
        complaint = completed(complaint, given_then, str(number))
    return complaint


@given(_STORIES)
def test_nothing_that_was_written_is_lost(story: list[dict[str, Any]]) -> None:
    """All messages in their order, each with its time, and every attachment; the latest title."""
    complaint = _whole(story)
    messages = [(str(number), each["message"]) for number, each in enumerate(story) if "message" in each]
    attachments = [name for each in story for name in each.get("attachments", ())]
    titles = [each["title"] for each in story if "title" in each]

    assert messages[1:] == [(each["at"], each["message"]) for each in complaint.get("additions", [])]
    assert [message for _, message in messages][:1] == [complaint[name] for name in ("message",) if name in complaint]
    assert attachments == complaint.get("attachments", [])
    assert titles[-1:] == [complaint[name] for name in ("title",) if name in complaint]


@given(_STORIES)
def test_the_latest_word_on_the_reporter_holds(story: list[dict[str, Any]]) -> None:
    """Field by field."""
    latest = {name: value for each in story for name, value in each.get("reporter", {}).items()}

    assert latest == _whole(story).get("reporter", {})


@given(_STORIES)
def test_a_place_never_contradicts_what_was_said_last(story: list[dict[str, Any]]) -> None:
    """Every part of the latest place holds; an earlier part holds beside it only where nothing contradicted it."""
    complaint = _whole(story)
    places = [with_names_as_written(each).get("location") for each in story]
    given_places = [place for place in places if place]
    now = with_names_as_written(complaint).get("location") or {}

    assert bool(given_places) is bool(now)
    if given_places:
        assert given_places[-1].items() <= now.items()
        contradicted = [
            place for place in given_places[:-1] if any(place.get(name, value) != value for name, value in now.items())
        ]
        kept = [place for place in given_places if place not in contradicted]
        assert set(now.items()) <= {item for place in kept for item in place.items()}


@given(_STORIES)
def test_a_part_of_a_place_is_known_or_as_written_never_both(story: list[dict[str, Any]]) -> None:
    """What the lists know takes the place of words, and the other way round."""
    complaint = _whole(story)
    words = {name.partition(".")[2] for name in complaint.get("as_written", {}) if name.startswith("location.")}

    assert set() == words & set(complaint.get("location", {}))


@given(_STORIES)
def test_what_was_given_once_stays_given(story: list[dict[str, Any]]) -> None:
    """For judging what is missing, all that was ever said is laid together."""
    whole: dict[str, Any] = {}
    for each in story:
        whole = merged(whole, with_names_as_written(each))

    assert {name for each in story for name in each if name != "as_written"} <= set(whole)
    for part in ("reporter", "location"):
        assert {name for each in story for name in with_names_as_written(each).get(part, {})} == set(
            whole.get(part, {})
        )
