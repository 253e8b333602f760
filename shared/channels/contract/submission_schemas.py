"""JSON Schemas of what channel adapters send and are answered, made of the schema that loads it."""

from typing import Any, Final

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.common import resolve_schema_cls

from shared.domain.complaint.schema import ComplaintSchema

Json = dict[str, Any]

SUBMISSION: Final = "Submission"
RECEIPT: Final = "Receipt"
REFUSAL: Final = "Refusal"

_TENANT: Final[Json] = {"type": "string", "description": "Id of the government, e.g. cilacap"}
_TEXT: Final[Json] = {"type": "string"}


def schemas() -> dict[str, Json]:
    """By name: the submission with its parts, the receipt and the refusal."""
    # OpenAPI 3.1 writes its schemas as JSON Schema does: a null is a type, not a remark.
    spec = APISpec("", "", "3.1.0", plugins=[MarshmallowPlugin(schema_name_resolver=_name)])
    spec.components.schema(SUBMISSION, schema=ComplaintSchema)
    found: dict[str, Json] = spec.to_dict()["components"]["schemas"]
    submission = found[SUBMISSION]
    submission["properties"] = {"tenant": _TENANT, **submission["properties"]}
    submission["required"] = ["tenant", *submission["required"]]
    submission["description"] = (
        "A complaint as it is filed. A field that cannot be used is kept as it was written and costs nobody their "
        "complaint; an unknown field, a missing message or another kind of value is refused."
    )
    return {**found, RECEIPT: _receipt(), REFUSAL: _refusal()}


def _name(schema: Any) -> str:
    return str(getattr(resolve_schema_cls(schema), "__name__", "")).removesuffix("Schema").lstrip("_")


def _receipt() -> Json:
    return {
        "type": "object",
        "description": "What a complaint became. It may be thrown away by the adapter once the reporter was told.",
        "properties": {
            "id": {"type": "string", "format": "uuid", "description": "The dossier"},
            "ticket": {**_TEXT, "description": "The number that people quote"},
            "tracking_code": {**_TEXT, "description": "The secret by which the reporter follows it"},
            "status": _TEXT,
            "step": {"type": ["string", "null"], "description": "The step of the procedure in which it is"},
            "created": {"type": "boolean", "description": "False when this very submission had been filed before"},
            "position": {"type": "integer", "description": "The place of the filing in the log"},
        },
        "required": ["id", "ticket", "tracking_code", "status", "step", "created", "position"],
    }


def _refusal() -> Json:
    return {
        "type": "object",
        "description": "Why it cannot be filed as it is, or could not be filed through no fault of its sender's.",
        "properties": {
            "error": {
                "type": "object",
                "properties": {
                    "code": {**_TEXT, "description": "A code such as invalid_fields or submission_not_processed"},
                    "params": {"type": "object", "description": "What the code's sentence is filled with"},
                    "fields": {
                        "type": "object",
                        "description": "By dotted name, the codes of what is wrong with a field",
                        "additionalProperties": {"type": "array", "items": _TEXT},
                    },
                },
                "required": ["code"],
            }
        },
        "required": ["error"],
    }
