"""What the shapes of answers are made of."""

from typing import Self

from marshmallow import INCLUDE, Schema, fields


class Shape(Schema):
    """An answer; more fields may be added to it at any time."""

    class Meta:
        """Unknown fields are no fault of the reader's."""

        unknown = INCLUDE

    def __deepcopy__(self, _known: dict[int, object]) -> Self:
        """Itself, since nothing in it ever changes: what is said of a view is copied a thousand times at each start."""
        return self


def text(description: str = "", *, none: bool = False, one_of: tuple[str, ...] = ()) -> fields.String:
    """A text that is always there.

    :param none: whether it may be null.
    :param one_of: all that it may be.
    """
    metadata: dict[str, object] = {"description": description} if description else {}
    if one_of:
        metadata["enum"] = [*one_of, None] if none else list(one_of)
    return fields.String(required=True, allow_none=none, metadata=metadata)


def instant(description: str = "", *, none: bool = False) -> fields.AwareDateTime:
    """An instant in ISO 8601 that is always there.

    :param none: whether it may be null.
    """
    metadata = {"description": description} if description else {}
    return fields.AwareDateTime(format="iso", required=True, allow_none=none, metadata=metadata)


class Page(Shape):
    """One page of a list."""

    next = text("`after` of the next page; null on the last", none=True)
