"""Spans of time as ``channels.yaml`` writes them."""

import re
from datetime import timedelta
from typing import Any, Final

from marshmallow import ValidationError, fields

_SPAN: Final = re.compile(r"([0-9]{1,4}(?:\.[0-9])?) (s|min|h|d)\Z")
_UNITS: Final = {"s": "seconds", "min": "minutes", "h": "hours", "d": "days"}


class Span(fields.Field[timedelta]):
    """A number and its unit."""

    def __init__(self, **options: Any) -> None:
        super().__init__(metadata={"remedy": "write 2.5 s, 30 min, 24 h or 2 d"}, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_options: Any) -> timedelta:  # noqa: ARG002
        found = _SPAN.match(value) if isinstance(value, str) else None
        if found is None:
            raise ValidationError(f"{value!r} is no span of time")
        return timedelta(**{_UNITS[found[2]]: float(found[1])})
