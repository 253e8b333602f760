"""Fields within fields, by dotted names: ``reporter.name``."""

from collections.abc import Mapping


def value_at(document: object, dotted: str) -> object:
    """What a document says there; none where it says nothing, or holds no fields at all."""
    for part in dotted.split("."):
        document = document.get(part) if isinstance(document, Mapping) else None
    return document
