"""Of a document's faults a few are told, and nothing that its sender may have meant for a person."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as some
from marshmallow import ValidationError

from shared.base.errors import Invalid
from shared.base.shape import MOST_DEPTH, MOST_PARTS, check_shape
from shared.domain.complaint.schema import load_submission, load_supplement
from shared.wording.coded_schema import invalid_of
from shared.wording.faults import MOST, told, told_of


@pytest.mark.parametrize(
    ("name", "at"),
    [
        ("colour", "colour"),
        ("reporter.nama", "reporter.nama"),
        ("Siti Rahayu", "body"),
        ("Siti", "body"),
        ("081234567890", "body"),
        ("siti@warga.example", "body"),
        ("siti.rahayu@warga.example", "body"),
        ("reporter.Siti Rahayu", "reporter"),
        ("siti.Rahayu", "body"),
        ("x" * 31, "body"),
        ("", "body"),
        ("a b", "body"),
        ("na\nme", "body"),
        ("ma\u0308rz", "body"),
    ],
)
def test_an_unknown_field_is_named_if_it_looks_like_one(name: str, at: str) -> None:
    """Else it is only said that there is one, and where."""
    assert {at: ["unknown_field"]} == told([(name, "unknown_field")])


def test_few_unknown_fields_are_named() -> None:
    """However many there are."""
    found = told((f"f{number}", "unknown_field") for number in range(60_000))

    assert 6 == len(found)
    assert ["unknown_field"] == found["body"]


def test_few_faults_are_told() -> None:
    """Of each field a few, and of a few fields."""
    found = told((f"attachments.{number // 10}", f"m{number}") for number in range(10_000))

    assert MOST == len(found)
    assert {3} == {len(messages) for messages in found.values()}


@given(some.dictionaries(some.text(), some.lists(some.text(max_size=5), max_size=5), max_size=60))
def test_no_answer_is_long(faults: dict[str, list[str]]) -> None:
    """Whatever the sender's document was."""
    found = told_of(faults)

    assert len(found) <= MOST
    assert all(len(name) <= 80 for name in found)


DEEP: object = "x"
for _ in range(MOST_DEPTH + 1):
    DEEP = [DEEP]


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ({"message": "x", "attachments": DEEP}, "too_deep"),
        ({f"k{number}": 1 for number in range(60_000)}, "too_many_parts"),
        ({"message": "x", "attachments": ["a"] * 60_000}, "too_many_parts"),
        ({"message": "x", "reporter": {f"k{number}": 1 for number in range(60_000)}}, "too_many_parts"),
        ([[[0] * 100] * 100] * 100, "too_many_parts"),
    ],
)
def test_a_document_that_nobody_means_is_refused_at_once(document: object, code: str) -> None:
    """By its shape, before a schema looks at it, at every door that loads complaints."""
    for load in (load_submission, load_supplement):
        began = time.process_time()
        with pytest.raises(Invalid) as refused:
            load(document)

        assert (code, {}) == (refused.value.code, refused.value.fields)
        assert time.process_time() - began < 0.5


def test_what_is_meant_has_room() -> None:
    """At the limits themselves nothing is refused."""
    deep: object = "x"
    for _ in range(MOST_DEPTH):
        deep = [deep]
    check_shape(deep)
    check_shape(["a"] * MOST_PARTS)
    with pytest.raises(Invalid):
        check_shape(["a"] * (MOST_PARTS + 1))


def test_what_a_schema_found_is_told_so() -> None:
    """Nested faults by dotted names, one message once."""
    error = ValidationError({"reporter": {"name": ["required", "required"], "Siti R": ["unknown_field"]}})

    assert {"reporter.name": ["required"], "reporter": ["unknown_field"]} == invalid_of(error).fields
