"""What says nothing in an address is as good as absent, also where something is meant by default."""

import inspect
from typing import Any

import pytest
from flask.testing import FlaskClient

from portal import queries, register_queries
from shared.domain.complaint.schema import ComplaintSchema
from shared.wording.coded_schema import CodedSchema, load_coded
from tests.portal.conftest import Bearer

_REQUIRED = {"month": "2026-10", "message": "Jalan rusak"}
_SCHEMAS = [
    each
    for module in (queries, register_queries)
    for _, each in inspect.getmembers(module, inspect.isclass)
    if issubclass(each, CodedSchema) and each.__name__.endswith("Query")
]


def _loaded(schema: CodedSchema, **given: Any) -> dict[str, Any]:
    known = {name: value for name, value in _REQUIRED.items() if name in schema.fields}
    loaded: dict[str, Any] = load_coded(schema, {**known, **given})
    return {name: value for name, value in loaded.items() if value not in (None, [], [None])}


@pytest.mark.parametrize("blank", ["", " ", "\u200b", "\u2800"])
@pytest.mark.parametrize("schema", [*_SCHEMAS, ComplaintSchema])
def test_a_blank_is_as_good_as_nothing(schema: type[CodedSchema], blank: str) -> None:
    """Every field of every query, and those of a complaint that have a default."""
    made = schema()
    fields = [
        name
        for name, field in made.fields.items()
        if schema is not ComplaintSchema or isinstance(field.load_default, str)
    ]
    blanks = {name: blank for name in fields if name not in _REQUIRED}

    assert _loaded(made) == _loaded(made, **blanks)


@pytest.mark.parametrize("blank", ["", "%20", "%E2%80%8B"])
def test_a_register_in_no_format_is_json(client: FlaskClient, bearer: Bearer, blank: str) -> None:
    """As if none had been asked for."""
    answer = client.get(f"/api/v1/cilacap/register?month=2026-10&format={blank}", headers=bearer())

    assert (200, "application/json") == (answer.status_code, answer.content_type)
