"""The AsyncAPI document: true to the standard, to the code and to what really goes over the broker."""

import json
from dataclasses import fields
from datetime import UTC, datetime
from functools import cache
from itertools import product
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import uuid4

import pytest
from faststream.specification.asyncapi.v3_0_0.schema import ApplicationSchema
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator, ValidationError
from jsonschema.validators import extend

from services.intake.submissions import receive
from shared.application.dossiers.codec import to_bytes
from shared.channels.contract import event_schemas, examples
from shared.channels.contract.document import document, text
from shared.domain.complaint.schema import ComplaintSchema
from shared.domain.dossier.event import DossierEvent
from shared.domain.dossier.events import EVENT_TYPES
from shared.domain.dossier.promise import Promise
from shared.domain.sop.vocabulary import ERASED
from shared.messaging.consuming.outcomes import Accepted, PutAside
from shared.messaging.wire.delivery import Delivery
from shared.messaging.wire.envelope import to_message
from shared.messaging.wire.topology import EVENTS, SUBMISSIONS
from shared.platform.settings import PROJECT
from shared.store.eventstore.reading import RecordedEvent
from tests.cli.command import aduan, aduan_here
from tests.fixtures.office import Office

KEPT = PROJECT / "docs" / "asyncapi.json"
GOLDEN = PROJECT / "tests" / "dossier" / "golden_events.jsonl"
TYPES = list(EVENT_TYPES.values())

# Golden events bear names that no list has: of them the form is looked at, not the words.
_FORM_ONLY = extend(Draft7Validator, {"enum": lambda *_: iter(())})


@cache
def _whole() -> dict[str, Any]:
    return document()


def _checker(name: str, kind: Any = Draft7Validator) -> Any:
    """What checks values by a schema of the document's components."""
    return kind({"$ref": f"#/components/schemas/{name}", "components": _whole()["components"]})


def _published(event: DossierEvent) -> dict[str, Any]:
    recorded = RecordedEvent(1, event.originator_id, event.originator_version, event.type, to_bytes(event))
    body: dict[str, Any] = json.loads(to_message(recorded).body)
    return body


def test_it_is_asyncapi_3() -> None:
    """The document is one to FastStream, which knows AsyncAPI 3.0.0 as types, and nothing of it is lost on it."""
    understood = ApplicationSchema.model_validate(_whole())

    assert "3.0.0" == understood.asyncapi
    assert set(_whole()["channels"]) == set(understood.channels)
    assert set(_whole()["operations"]) == set(understood.operations)
    assert understood.components is not None
    assert set(_whole()["components"]["messages"]) == set(understood.components.messages or ())


def test_every_reference_leads_somewhere() -> None:
    """No name in the document is of something that is not in it."""

    def references(node: Any) -> set[str]:
        if isinstance(node, dict):
            own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
            return own.union(*map(references, node.values()))
        return set().union(*map(references, node)) if isinstance(node, list) else set()

    for reference in references(_whole()):
        found: Any = _whole()
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]
        assert isinstance(found, dict)


def test_the_kept_file_is_the_document() -> None:
    """What people read in `docs/` is what the code says; `aduan asyncapi --output docs/asyncapi.json` makes it anew."""
    assert text() == KEPT.read_text(encoding="utf-8")


def test_the_command_prints_it(tmp_path: Path) -> None:
    """On the terminal or into a file."""
    printed, written = aduan("asyncapi"), tmp_path / "written.json"
    ran = aduan_here("asyncapi", "--output", str(written))

    assert (0, text()) == (printed.status, printed.out)
    assert (0, "", text()) == (ran.status, ran.out, written.read_text(encoding="utf-8"))


def test_it_tells_of_both_exchanges() -> None:
    """Every event type and every submission, on the exchanges that are really declared."""
    channels = _whole()["channels"]

    assert (
        list(EVENT_TYPES) == list(channels["events"]["messages"]) == channels["events"]["parameters"]["event"]["enum"]
    )
    assert [(each.name, each.type, each.durable) for each in (EVENTS, SUBMISSIONS)] == [
        (found["name"], found["type"], found["durable"])
        for found in (channels[name]["bindings"]["amqp"]["exchange"] for name in ("events", "submissions"))
    ]
    assert {"tenant", *ComplaintSchema().fields} == set(_whole()["components"]["schemas"]["Submission"]["properties"])


@pytest.mark.parametrize("name", _whole()["components"]["messages"])
def test_the_examples_fit(name: str) -> None:
    """Every message has one, and each fits its own schemas, headers included."""
    message = _whole()["components"]["messages"][name]

    assert message["examples"]
    for example in message["examples"]:
        _checker(message["payload"]["$ref"].rpartition("/")[2]).validate(example["payload"])
        if "headers" in example:
            _checker("EventHeaders").validate(example["headers"])


def _anything(hint: Any) -> st.SearchStrategy[Any]:
    """Any value of a field's type; instants with their offset, as all of ours."""
    if hint is datetime:
        return st.datetimes(timezones=st.just(UTC))
    if hint is Promise:
        return _filled(Promise)
    if get_origin(hint) in (Union, UnionType):
        return st.one_of(*map(_anything, get_args(hint)))
    return st.from_type(hint)


def _filled(cls: type) -> st.SearchStrategy[Any]:
    hints = get_type_hints(cls)
    return st.builds(cls, **{field.name: _anything(hints[field.name]) for field in fields(cls)})


@given(st.sampled_from(TYPES).flatmap(_filled))
@settings(max_examples=150)
def test_whatever_is_published_fits(event: DossierEvent) -> None:
    """Any event that the types allow, with every field filled or left out, as the relay would publish it."""
    _checker(event.type).validate(_published(event))


@pytest.mark.parametrize("line", GOLDEN.read_text(encoding="utf-8").splitlines(), ids=lambda line: line[:40])
def test_what_was_written_once_fits(line: str) -> None:
    """The log is published from its beginning to whoever asks: every schema ever written is described."""
    kept = json.loads(line)
    message = to_message(RecordedEvent(1, uuid4(), 1, kept["type"], json.dumps(kept["data"]).encode()))

    _checker(kept["type"], _FORM_ONLY).validate(json.loads(message.body))


@pytest.mark.parametrize("cls", TYPES, ids=lambda cls: cls.__name__)
def test_a_message_that_lacks_or_twists_something_does_not_fit(cls: type[DossierEvent]) -> None:
    """The schemas are no open doors."""
    body = _published(examples.example(cls))
    checker = _checker(cls.__name__)
    for name, twisted in product(("schema", "status", "recorded_at", "sop_version"), ([], {}, "no status", 0.5)):
        if not (isinstance(twisted, str) and name == "recorded_at"):  # a text there is; formats are not looked at
            with pytest.raises(ValidationError):
                checker.validate({**body, name: twisted})
        with pytest.raises(ValidationError):
            checker.validate({key: value for key, value in body.items() if key != name})
    with pytest.raises(ValidationError):
        checker.validate({**body, "schema": cls.SCHEMA + 1})


def test_every_field_is_described() -> None:
    """What a class says of its fields is said to others too, without the marks of our own documentation."""
    schemas = _whole()["components"]["schemas"]
    promised = schemas[event_schemas.PROMISE]["properties"]

    assert "the calendar by which the due time was computed." == promised["calendar_version"]["description"]
    assert all(
        ":" + "class:" not in json.dumps(schemas[name]) and "``" not in json.dumps(schemas[name]) for name in schemas
    )
    assert all(schemas[name]["description"] for name in (*EVENT_TYPES, event_schemas.EVENT))


def test_a_type_that_is_not_known_is_told() -> None:
    """Whoever gives an event a field of a new kind learns here that others must be told how it is written."""
    with pytest.raises(TypeError, match="no JSON Schema is known"):
        event_schemas.schema_of(dict[str, datetime])


def test_what_the_document_offers_is_taken_and_answered(database_url: str) -> None:
    """Its examples are filed; what intake answers, and every event that comes of it, fits the document."""
    office = Office(database_url)
    try:
        bodies = [dict(examples.SUBMISSION), dict(examples.LEAST_SUBMISSION), {"tenant": "cilacap"}, {"tenant": "x"}]
        messages = [Delivery(json.dumps(body).encode(), "submission.whatsapp") for body in bodies]
        outcomes = receive(office.runtime, messages)
        receipts = [outcome.reply for outcome in outcomes if isinstance(outcome, Accepted)]
        refusals = [outcome.reply for outcome in outcomes if isinstance(outcome, PutAside)]
        events = list(office.news())
    finally:
        office.close()

    assert (2, 2) == (len(receipts), len(refusals))
    for reply in receipts:
        _checker("Receipt").validate(reply)
    for reply in refusals:
        _checker("Refusal").validate(reply)
    for event in events:
        _checker(event.type).validate(json.loads(to_message(event).body))
    assert ERASED not in {event.type for event in events}
    assert 2 == sum(event.type == "ComplaintFiled" for event in events)
