"""marshmallow fields whose errors are codes of the wording catalogue instead of English sentences.

What a schema built of these refuses can travel over RPC and AMQP and be told in the reader's own language.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final, Self, TypeAlias, TypeVar

from marshmallow import Schema, ValidationError, fields, missing, validate

from shared.base.blank import says_nothing, trimmed
from shared.base.errors import Invalid
from shared.base.names import chosen
from shared.base.shape import check_shape
from shared.wording.choices import not_among
from shared.wording.codes import field_message
from shared.wording.faults import told

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")  # half surrogates are no UTF-8
_LINE_BREAK: Final = re.compile(r"[\t\n\r\u2028\u2029]+")

_Messages: TypeAlias = dict[str, str | list[Any] | dict[Any, Any]]

_TEXT: Final[_Messages] = {
    "required": "required",
    "null": "required",
    "blank": "required",
    "invalid": "not_a_text",
    "invalid_utf8": "not_a_text",
    "control": "control_characters",
}
_WHOLE: Final[_Messages] = {
    "invalid": "not_a_whole_number",
    "too_large": "not_a_whole_number",
}
_INSTANT: Final[_Messages] = {
    "invalid": "not_an_instant",
    "invalid_awareness": "instant_without_offset",
    "format": "not_an_instant",
}
_V = TypeVar("_V")


class CodedSchema(Schema):
    """A schema that refuses unknown fields and says so by code."""

    error_messages = {"unknown": "unknown_field", "type": "not_an_object"}  # noqa: RUF012 - as marshmallow declares it

    def __deepcopy__(self, _known: dict[int, object]) -> Self:
        """Itself, since nothing in it ever changes: flask-smorest copies it with whatever is said of a view."""
        return self


class Text(fields.String):
    """A text without control characters, stripped of what cannot be seen around it; blank counts as absent.

    :param most: the longest allowed, in characters; none for as long as may be sent at all.
    :param lines: whether it may have several lines.
    :param strip: false for what must stay as it is, like a password.
    :param required: then a text that says nothing is refused; otherwise it becomes None.
    """

    def __init__(
        self, *, most: int | None, lines: bool = False, strip: bool = True, required: bool = False, **options: Any
    ) -> None:
        length = [] if most is None else [validate.Length(max=most, error=field_message("too_long", max=most))]
        checks = [*length, *options.pop("validate", [])]
        super().__init__(required=required, allow_none=not required, validate=checks, error_messages=_TEXT, **options)
        self.lines = lines
        self.strip = strip

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **options: Any) -> Any:
        """The text as it will be kept."""
        if isinstance(value, str):
            if _CONTROL.search(value):
                raise self.make_error("control")
            value = trimmed(value) if self.strip else value
            if self.required and says_nothing(value):
                raise self.make_error("blank")
            if not self.lines and _LINE_BREAK.search(value):
                raise self.make_error("control")
            value = value or None
        if value is None and self.load_default not in (missing, None):
            value = missing  # what says nothing means what is meant where nothing was given
        return super().deserialize(value, attr, data, **options)


class Written(Text):
    """A text that a person wrote or pasted.

    Control characters, which word processors and PDF readers leave in it, become blanks; so do line breaks where it has
    one line only.
    """

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **options: Any) -> Any:
        """The text as it will be kept."""
        if isinstance(value, str):
            value = _CONTROL.sub(" ", value if self.lines else _LINE_BREAK.sub(" ", value))
        return super().deserialize(value, attr, data, **options)


class _NoText(fields.Field[_V]):
    """What is no text: a text that says nothing, as an empty field of a form, is as good as null or nothing."""

    default_error_messages = {"required": "required", "null": "required"}  # noqa: RUF012 - as marshmallow declares it

    def __init__(self, *args: Any, required: bool = False, **options: Any) -> None:
        super().__init__(*args, required=required, allow_none=not required, **options)

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **options: Any) -> Any:
        """The value, or None."""
        given = None if isinstance(value, str) and says_nothing(value) else value
        if given is None and self.load_default not in (missing, None):
            given = missing  # what says nothing means what is meant where nothing was given
        return super().deserialize(given, attr, data, **options)


class Texts(_NoText[list[str | None]], fields.List[str]):
    """Some short texts, such as the names of attached files; those that say nothing are left out."""

    def __init__(self, **options: Any) -> None:
        super().__init__(Written(most=None), error_messages={"invalid": "not_a_list"}, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> list[str | None]:
        return [text for text in super()._deserialize(value, attr, data, **options) if text]


class Numbers(_NoText[list[int | None]], fields.List[int]):
    """So many whole numbers, in an order that says what each of them is about.

    :param least: the smallest allowed.
    :param most: the greatest allowed.
    :param count: how many there are.
    """

    def __init__(self, *, least: int, most: int, count: int, **options: Any) -> None:
        each = Whole(least=least, most=most)
        check = validate.Length(equal=count, error=field_message("not_so_many", count=count))
        super().__init__(each, validate=[check], error_messages={"invalid": "not_a_list"}, **options)


class Chosen(Written):
    """One of a few words.

    :param choices: the words.
    """

    def __init__(self, choices: tuple[str, ...], **options: Any) -> None:
        super().__init__(most=None, validate=[validate.OneOf(choices, error=not_among(choices))], **options)
        self.choices = choices

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **options: Any) -> Any:
        """The word as the list has it, whatever letters it was written in."""
        word = (chosen(value, self.choices) or value) if isinstance(value, str) else value
        return super().deserialize(word, attr, data, **options)


class Whole(_NoText[int], fields.Integer):
    """A whole number given as a number.

    :param least: the smallest allowed.
    :param most: the greatest allowed.
    :param words: whether digits in a text count as a number, as in a query string.
    """

    def __init__(self, *, least: int, most: int = 2**63 - 1, words: bool = False, **options: Any) -> None:
        check = validate.Range(min=least, max=most, error=field_message("out_of_range", min=least, max=most))
        super().__init__(strict=not words, validate=[check], error_messages=_WHOLE, **options)
        self.words = words

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> int:
        if isinstance(value, bool) or (isinstance(value, str) and not self.words):
            raise self.make_error("invalid")
        if (
            isinstance(value, float) and not value.is_integer()
        ):  # a half, or what is no number: whatever is near is a guess
            raise self.make_error("invalid")
        return super()._deserialize(value, attr, data, **options)


class Number(_NoText[int | float]):
    """A number given as a number, whichever it is."""

    def __init__(self, **options: Any) -> None:
        super().__init__(error_messages={"invalid": "not_a_number"}, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> int | float:  # noqa: ARG002
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.make_error("invalid")
        return value


class Instant(_NoText[datetime], fields.AwareDateTime):
    """An instant in ISO 8601 with its offset; in UTC once it is loaded."""

    def __init__(self, **options: Any) -> None:
        super().__init__(format="iso", error_messages=_INSTANT, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> datetime:
        instant = super()._deserialize(value, attr, data, **options)
        try:
            return instant.astimezone(UTC)
        except OverflowError:  # the first and last hours of the calendar, east or west of Greenwich
            raise self.make_error("format", input=value) from None


class Part(_NoText[Any], fields.Nested):
    """An object inside the object.

    :param schema: its schema.
    """

    def __init__(self, schema: type[CodedSchema], **options: Any) -> None:
        super().__init__(schema, error_messages={"type": "not_an_object"}, **options)


def load_coded(schema: Schema, data: object) -> Any:
    """The data, loaded by a schema of these fields.

    :raises Invalid: with the messages of the fields at fault, nested ones by dotted names; without any if the data are
        more, or deeper, than any honest ones.
    """
    check_shape(data)
    try:
        return schema.load(data)  # type: ignore[arg-type]
    except ValidationError as error:
        raise invalid_of(error) from None


def invalid_of(error: ValidationError, code: str = "invalid_fields") -> Invalid:
    """What marshmallow found, as an error of ours. The value that was refused is not in it."""
    return Invalid(code, fields=told(_flat(error.messages, "")))


def _flat(messages: object, at: str) -> Iterator[tuple[str, str]]:
    if isinstance(messages, Mapping):
        for key, below in messages.items():
            yield from _flat(below, at if key == "_schema" else f"{at}.{key}".lstrip("."))
        return
    for message in messages if isinstance(messages, list) else [messages]:
        yield at or "body", str(message)
