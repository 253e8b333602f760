"""What is right is loaded by a shorter way than marshmallow's: with the same outcome, whatever is sent."""

from typing import Any, Final
from unittest.mock import patch

from hypothesis import example, given
from hypothesis import strategies as st

from shared.base.errors import Invalid
from shared.domain.complaint.schema import load_submission, load_supplement
from shared.wording.coded_schema import CodedSchema

_TEXT: Final = st.one_of(
    st.text(max_size=8), st.sampled_from(["", " ", "open", "OPEN", "secret", "a\tb", "\x00", "w@x.id"])
)
_ODD: Final = st.one_of(_TEXT, st.none(), st.booleans(), st.integers(), st.floats(), st.lists(_TEXT, max_size=2))


def _objects(*names: str) -> st.SearchStrategy[Any]:
    return st.dictionaries(st.sampled_from([*names, "unknown"]), _ODD, max_size=4)


_COMPLAINTS: Final = st.fixed_dictionaries(
    {},
    optional={
        "message": st.one_of(_TEXT, _ODD),
        "privacy": _TEXT,
        "channel": _ODD,
        "title": _ODD,
        "attachments": _ODD,
        "occurred_at": _ODD,
        "external_id": _ODD,
        "unknown": _ODD,
        "reporter": st.one_of(_ODD, _objects("name", "phone", "email", "contacts")),
        "location": st.one_of(_ODD, _objects("desa", "lat", "lon")),
    },
)


def _loaded(load: Any, data: Any) -> object:
    try:
        return load(data)
    except Invalid as refused:
        return refused.code, refused.fields


@given(_COMPLAINTS)
@example({"message": "Jalan rusak", "reporter": {"name": "Siti", "email": "siti@x.id"}, "location": {"desa": "Hanum"}})
@example({"message": "Jalan rusak", "privacy": " OPEN ", "channel": None, "title": " "})
@example({"message": "Jalan rusak", "reporter": {"name": "Siti", "unknown": 1}, "unknown": 2})
def test_it_is_loaded_as_marshmallow_would(data: dict[str, Any]) -> None:
    """The same values, in the same order, or the same words of refusal."""
    for load in (load_submission, load_supplement):
        short = _loaded(load, data)
        with patch.object(CodedSchema, "_all_right", return_value=None):
            long = _loaded(load, data)
        assert repr(long) == repr(short)


def test_what_is_right_is_loaded_the_short_way() -> None:
    """Else nothing would be gained, and nobody would notice."""
    with patch.object(CodedSchema, "_all_right", return_value={"message": "known"}):
        assert load_submission({"message": "Jalan rusak"})["message"] == "known"
