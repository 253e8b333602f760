"""The parts of ``sop.yaml``: which fields each has, of which kind, and what to write when one is wrong."""

from typing import Any, Final

from marshmallow import Schema, ValidationError, fields, post_load, validate

from shared.base.blank import says_nothing
from shared.domain.calendar.duration import Duration, DurationError
from shared.domain.dossier.files import FILE_KINDS
from shared.domain.sop.model import (
    Action,
    Actor,
    Case,
    Classification,
    KeywordRule,
    KnownGap,
    NamedChannel,
    NotifyRule,
    Register,
    Step,
    Timeout,
)
from shared.domain.sop.vocabulary import (
    ANSWER_KINDS,
    AUTOMATIC,
    CASE_ENDS,
    CLASSES,
    MOVES,
    RETURN_WHYS,
    SCOPES,
    STATUSES,
    TIMEOUT_EVENTS,
)

_ID_REMEDY: Final = "write a short word in small letters, digits and underscores, e.g. check"


class WordField(fields.Field[str]):
    """A text; a bare number counts as the text that was written."""

    def __init__(
        self, *, choices: Any = None, pattern: str | None = None, remedy: str | None = None, **options: Any
    ) -> None:
        checks: list[Any] = []
        if choices is not None:
            known = ", ".join(sorted(choices))
            checks.append(validate.OneOf(choices, error=f"{{input!r}} is unknown; known are {known}"))
            remedy = remedy or f"write one of: {known}"
        if pattern is not None:
            checks.append(validate.Regexp(pattern, error="{input!r} cannot be used here"))
        super().__init__(validate=checks, metadata={"remedy": remedy or "write a text"}, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_options: Any) -> str:  # noqa: ARG002 - marshmallow calls it so
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise ValidationError("a text is expected here")
        text = " ".join(str(value).split())
        if says_nothing(text):
            raise ValidationError("this text is blank")
        return text


class Name(WordField):
    """An identifier."""

    def __init__(self, **options: Any) -> None:
        super().__init__(pattern=r"[a-z][a-z0-9_]*\Z", remedy=_ID_REMEDY, **options)


class Standard(fields.Field[Duration]):
    """A time standard such as ``15 min``."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            metadata={"remedy": "write a number and a unit, e.g. 15 min, 3 h, 2 d, 3 wd, 15 s wall"}, **options
        )

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_options: Any) -> Duration:  # noqa: ARG002
        try:
            return Duration.parse(str(value))
        except DurationError as error:
            raise ValidationError(str(error)) from None


def many(inner: Any) -> Any:
    """A list that may be left out."""
    return fields.List(inner, load_default=(), metadata={"remedy": "write a list: one `- ` per entry"})


_SOURCE_REMEDY: Final = "say where the rule comes from, e.g. practice"


def source() -> WordField:
    """Where a rule comes from that the SOP's own document does not state."""
    return WordField(remedy=_SOURCE_REMEDY)


def confirmed() -> fields.Boolean:
    """Whether the government has confirmed it."""
    remedy = "write true or false: has the government confirmed it?"
    return fields.Boolean(load_default=False, metadata={"remedy": remedy})


class Built(Schema):
    """A part of the file that becomes one object of the model."""

    class_: type[Any]

    @post_load
    def build(self, data: dict[str, Any], **_options: Any) -> Any:
        """The object of the model, its lists made tuples."""
        return self.class_(**{key: tuple(value) if isinstance(value, list) else value for key, value in data.items()})


class ActionSchema(Built):
    """See :class:`shared.domain.sop.model.Action`; ``while`` gives its statuses."""

    class_ = Action
    name = Name(required=True)
    event = WordField(required=True, choices=MOVES)
    to = Name(required=True)
    needs = many(Name())
    optional = many(WordField())
    kind = WordField(choices=ANSWER_KINDS)
    why = WordField(choices=RETURN_WHYS)
    actor = Name()
    statuses = fields.List(WordField(choices=STATUSES), data_key="while", load_default=())
    answered = fields.Boolean(load_default=False)
    held_by = many(WordField(choices=SCOPES))
    needs_files = many(WordField(choices=FILE_KINDS))
    authorises = fields.Boolean(load_default=False)
    source = source()
    confirmed = confirmed()


class TimeoutSchema(Built):
    """See :class:`shared.domain.sop.model.Timeout`."""

    class_ = Timeout
    after = Standard(required=True)
    event = WordField(required=True, choices=TIMEOUT_EVENTS)
    to = Name(required=True)
    confirmed = fields.Boolean(
        required=True, metadata={"remedy": "write true or false: has the government confirmed it?"}
    )
    source = WordField(required=True, remedy="say where the rule comes from")


class StepSchema(Built):
    """See :class:`shared.domain.sop.model.Step`."""

    class_ = Step
    id = Name(required=True)
    actor = Name(required=True)
    activity = WordField(required=True, remedy="write a short title of what is done here")
    row = fields.Integer(strict=True, allow_none=True, metadata={"remedy": "write the row's number, counted from 1"})
    printed = WordField(allow_none=True)
    quote = WordField(allow_none=True)
    within = Standard(allow_none=True)
    shares = Name()
    requirements = WordField(allow_none=True)
    output = WordField(allow_none=True)
    notes = WordField(allow_none=True)
    actions = many(fields.Nested(ActionSchema))
    automatic = WordField(choices=AUTOMATIC)
    otherwise = Name()
    timeout = fields.Nested(TimeoutSchema)
    status = WordField(choices=STATUSES)
    escalate_to = many(Name())
    source = source()
    confirmed = confirmed()


class CaseSchema(Built):
    """See :class:`shared.domain.sop.model.Case`."""

    class_ = Case
    within = Standard(required=True)
    starts = Name(required=True)
    ends = WordField(required=True, choices=CASE_ENDS)
    stated = fields.Boolean(load_default=True)


class ActorSchema(Built):
    """See :class:`shared.domain.sop.model.Actor`."""

    class_ = Actor
    id = Name(required=True)
    title = WordField(required=True)
    scope = WordField(required=True, choices=SCOPES)


class ChannelSchema(Built):
    """See :class:`shared.domain.sop.annexes.NamedChannel`."""

    class_ = NamedChannel
    id = Name(required=True)
    title = WordField(required=True)
    address = WordField()


class KnownGapSchema(Built):
    """See :class:`shared.domain.sop.annexes.KnownGap`."""

    class_ = KnownGap
    where = WordField(required=True)
    source = WordField(required=True, remedy="say what the source says, or fails to say")
    reading = WordField(required=True, remedy="say how it is read until its owner decides")
    confirmed = fields.Boolean(load_default=False)


class NotifyRuleSchema(Built):
    """See :class:`shared.domain.sop.annexes.NotifyRule`."""

    class_ = NotifyRule
    on = WordField(required=True)
    tell = fields.List(Name(), required=True, validate=validate.Length(min=1, error="nobody is told"))
    step = Name()
    to_step = Name()
    kind = WordField(choices=ANSWER_KINDS)
    why = WordField(choices=RETURN_WHYS)
    template = Name()
    source = source()
    confirmed = confirmed()


class KeywordRuleSchema(Built):
    """See :class:`shared.domain.sop.annexes.KeywordRule`."""

    class_ = KeywordRule
    words = fields.List(WordField(), required=True, validate=validate.Length(min=1, error="a rule needs words"))
    hints = many(WordField())
    classification = WordField(choices=CLASSES)
    category = WordField()
    office = Name()


class ClassificationSchema(Built):
    """See :class:`shared.domain.sop.annexes.Classification`."""

    class_ = Classification
    rules_from = WordField(remedy="name a file with rules, relative to this one")
    rules = many(fields.Nested(KeywordRuleSchema))
    default_classification = WordField(choices=CLASSES)
    default_category = WordField()


class KeywordsSchema(Schema):
    """A file of rules that several SOPs share."""

    model = WordField(remedy="name the model's file, relative to this one")
    rules = fields.List(fields.Nested(KeywordRuleSchema), required=True)


class RegisterSchema(Built):
    """See :class:`shared.domain.sop.annexes.Register`."""

    class_ = Register
    id = Name(required=True)
    title = WordField(required=True)
    form = WordField(required=True, choices=("electronic", "manual"))
    every = WordField(choices=("day", "month", "year"))
