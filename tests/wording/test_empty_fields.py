"""An empty field of a form says nothing, whatever belongs in it: a number, a list, an object, an instant or a text."""

from typing import Any

import pytest
from marshmallow import fields

from shared.base.errors import Invalid
from shared.wording.coded_schema import (
    Chosen,
    CodedSchema,
    Instant,
    Number,
    Numbers,
    Part,
    Text,
    Texts,
    Whole,
    Written,
    load_coded,
)


class _Inside(CodedSchema):
    """An object with one field."""

    name = Text(most=10)


_KINDS: dict[str, tuple[type[fields.Field[Any]], dict[str, Any]]] = {
    "text": (Text, {"most": 10}),
    "written": (Written, {"most": 10}),
    "chosen": (Chosen, {"choices": ("a", "b")}),
    "whole": (Whole, {"least": 0}),
    "whole in words": (Whole, {"least": 0, "words": True}),
    "number": (Number, {}),
    "numbers": (Numbers, {"least": 0, "most": 4, "count": 2}),
    "texts": (Texts, {}),
    "instant": (Instant, {}),
    "part": (Part, {"schema": _Inside}),
}
each_kind = pytest.mark.parametrize("kind", _KINDS)
each_blank = pytest.mark.parametrize("blank", [None, "", " ", "\u200b\u2800"])


def _schema(kind: str, **more: Any) -> CodedSchema:
    field, options = _KINDS[kind]
    return CodedSchema.from_dict({"asked": field(**options, **more)}, name="Asked")()  # type: ignore[return-value]


@each_kind
@each_blank
def test_an_optional_one_is_absent(kind: str, blank: str | None) -> None:
    """Nothing is refused, and nothing was given."""
    assert load_coded(_schema(kind), {"asked": blank}).get("asked") is None


@each_kind
@each_blank
def test_a_required_one_is_missing(kind: str, blank: str | None) -> None:
    """By the same word as where it was left out."""
    with pytest.raises(Invalid) as left_out:
        load_coded(_schema(kind, required=True), {})
    with pytest.raises(Invalid) as empty:
        load_coded(_schema(kind, required=True), {"asked": blank})

    assert {"asked": ["required"]} == left_out.value.fields == empty.value.fields
