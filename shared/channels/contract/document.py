"""The AsyncAPI 3 document of everything on both exchanges: events out, submissions in, answers back."""

import json
from typing import Any, Final

from shared.channels.contract import event_schemas, examples, submission_schemas
from shared.domain.dossier.events import EVENT_TYPES
from shared.messaging.wire.topology import EVENTS, SUBMISSIONS

Json = dict[str, Any]

CONTRACT_VERSION: Final = "1.0.0"
"""Of the contract: raise the last number for words, the middle one for what is added, the first for what breaks."""

_JSON: Final = "application/json"
_INTRODUCTION: Final = (
    "The messages that Aduan exchanges with others over AMQP 0.9.1. Every event of every complaint goes out on the "
    "topic exchange aduan.events, at least once and in the order of the log; what channel adapters hand in comes by "
    "aduan.intake. New fields and new types of events may come at any time: pass over what you do not know. Names, "
    "addresses and free texts are in no event: they are sealed with the dossier's own key."
)


def document() -> Json:
    """The document, as JSON values: the same whenever it is asked for."""
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Aduan", "version": CONTRACT_VERSION, "description": _INTRODUCTION},
        "defaultContentType": _JSON,
        "channels": _channels(),
        "operations": _operations(),
        "components": {
            "schemas": {**event_schemas.schemas(), **submission_schemas.schemas(), "EventHeaders": _event_headers()},
            "messages": {**_events(), **_submissions()},
        },
    }


def text() -> str:
    """The document as it is printed and kept."""
    return json.dumps(document(), indent=1, ensure_ascii=False) + "\n"


def _channels() -> Json:
    return {
        "events": {
            "address": "{event}",
            "title": "What happened",
            "description": "The routing key is the event's type. Bind a queue of your own.",
            "parameters": {"event": {"enum": list(EVENT_TYPES), "description": "The event's type"}},
            "messages": {name: _at("messages", name) for name in EVENT_TYPES},
            "bindings": _exchange(EVENTS),
        },
        "submissions": {
            "address": "submission.{channel}",
            "title": "Complaints from channel adapters",
            "description": "An adapter publishes for its own channel: one that the SOP names or every government has.",
            "parameters": {"channel": {"description": "Id of the channel", "examples": ["whatsapp", "sms"]}},
            "messages": {"Submission": _at("messages", "Submission")},
            "bindings": _exchange(SUBMISSIONS),
        },
        "replies": {
            "address": None,
            "title": "What became of a submission",
            "description": "A queue aduan.replies.<channel>.<anything> of the adapter's own, named in reply_to.",
            "messages": {name: _at("messages", name) for name in ("Receipt", "Refusal")},
        },
    }


def _exchange(exchange: Any) -> Json:
    return {
        "amqp": {
            "is": "routingKey",
            "exchange": {
                "name": exchange.name,
                "type": exchange.type,
                "durable": bool(exchange.durable),
                "autoDelete": bool(exchange.auto_delete),
            },
            "bindingVersion": "0.3.0",
        }
    }


def _operations() -> Json:
    return {
        "tell": {
            "action": "send",
            "title": "Everything that happens to a complaint",
            "channel": {"$ref": "#/channels/events"},
            "messages": [{"$ref": f"#/channels/events/messages/{name}"} for name in EVENT_TYPES],
            "bindings": {"amqp": {"deliveryMode": 2, "ack": True, "bindingVersion": "0.3.0"}},
        },
        "file": {
            "action": "receive",
            "title": "File a complaint",
            "description": "Sent again with its external_id it is filed once, and answered as before.",
            "channel": {"$ref": "#/channels/submissions"},
            "messages": [{"$ref": "#/channels/submissions/messages/Submission"}],
            "reply": {
                "address": {"location": "$message.header#/reply_to", "description": "The property reply_to, if any"},
                "channel": {"$ref": "#/channels/replies"},
                "messages": [{"$ref": f"#/channels/replies/messages/{name}"} for name in ("Receipt", "Refusal")],
            },
        },
    }


def _events() -> Json:
    told: Json = {}
    for name, message in examples.every_example().items():
        told[name] = {
            "name": name,
            "title": name,
            "summary": event_schemas.event_schema(EVENT_TYPES[name])["description"],
            "contentType": _JSON,
            "headers": _at("schemas", "EventHeaders"),
            "payload": _at("schemas", name),
            "examples": [{"name": name, "headers": message.headers, "payload": json.loads(message.body)}],
        }
    return told


def _submissions() -> Json:
    correlation = {"location": "$message.header#/correlation_id", "description": "Comes back with the answer"}
    return {
        "Submission": {
            "name": "Submission",
            "title": "A complaint",
            "contentType": _JSON,
            "correlationId": correlation,
            "headers": _properties("reply_to", "correlation_id"),
            "payload": _at("schemas", submission_schemas.SUBMISSION),
            "examples": [
                {"name": "whole", "payload": dict(examples.SUBMISSION)},
                {"name": "least", "payload": dict(examples.LEAST_SUBMISSION)},
            ],
        },
        "Receipt": _reply("It is filed", submission_schemas.RECEIPT, dict(examples.RECEIPT)),
        "Refusal": _reply("It is not filed", submission_schemas.REFUSAL, dict(examples.REFUSAL)),
    }


def _reply(title: str, name: str, payload: Json) -> Json:
    return {
        "name": name,
        "title": title,
        "contentType": _JSON,
        "headers": _properties("correlation_id"),
        "payload": _at("schemas", name),
        "examples": [{"name": name.lower(), "payload": payload}],
    }


def _properties(*names: str) -> Json:
    described = {
        "reply_to": "The queue in which the adapter waits for an answer",
        "correlation_id": "By which the adapter knows the answer",
    }
    return {
        "type": "object",
        "description": "Properties of the AMQP message",
        "properties": {name: {"type": "string", "description": described[name]} for name in names},
    }


def _event_headers() -> Json:
    text: Json = {"type": "string"}
    return {
        "type": "object",
        "description": "Attributes of CloudEvents 1.0, without a prefix",
        "properties": {
            "id": {**text, "description": "<dossier>:<version>, unique in the installation: by it a repeat is known"},
            "source": {**text, "description": "/aduan/<tenant>"},
            "specversion": {**text, "const": "1.0"},
            "type": {**text, "description": "The event's type, as the routing key"},
            "subject": {**text, "format": "uuid", "description": "The dossier"},
            "time": {**text, "format": "date-time", "description": "When it was recorded"},
            "tenant": text,
            "sequence": {"type": "integer", "minimum": 1, "description": "Its version in the dossier"},
            "position": {"type": "integer", "minimum": 1, "description": "Its place in the log"},
            "traceparent": {**text, "description": "Of W3C Trace Context, where the event has one"},
        },
        "required": ["id", "source", "specversion", "type", "subject", "time", "tenant", "sequence", "position"],
    }


def _at(kind: str, name: str) -> Json:
    return {"$ref": f"#/components/{kind}/{name}"}
