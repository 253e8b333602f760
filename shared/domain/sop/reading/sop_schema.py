"""The form of the whole of ``sop.yaml``."""

from marshmallow import Schema, fields, validate

from shared.domain.sop.model import Classification, Help, Leave, LeaveKind, OnBehalf
from shared.domain.sop.reading.schema import (
    ActionSchema,
    ActorSchema,
    Built,
    CaseSchema,
    ChannelSchema,
    ClassificationSchema,
    KnownGapSchema,
    Name,
    NotifyRuleSchema,
    RegisterSchema,
    Standard,
    StepSchema,
    WordField,
    confirmed,
    many,
    source,
)
from shared.domain.sop.vocabulary import LEAVE_WHYS, REJECTIONS, VIAS


class LeaveKindSchema(Built):
    """See :class:`shared.domain.sop.arrangements.LeaveKind`."""

    class_ = LeaveKind
    why = fields.List(WordField(choices=LEAVE_WHYS), required=True)
    most = Standard(required=True)


class LeaveSchema(Built):
    """See :class:`shared.domain.sop.arrangements.Leave`."""

    class_ = Leave
    asked_by = fields.List(Name(), required=True)
    granted_by = Name(required=True)
    pause = fields.Nested(LeaveKindSchema)
    extension = fields.Nested(LeaveKindSchema)
    source = source()
    confirmed = confirmed()


class HelpSchema(Built):
    """See :class:`shared.domain.sop.arrangements.Help`."""

    class_ = Help
    asked_by = fields.List(Name(), required=True)
    given_by = Name(required=True)
    within = Standard()
    source = source()
    confirmed = confirmed()


class OnBehalfSchema(Built):
    """See :class:`shared.domain.sop.arrangements.OnBehalf`."""

    class_ = OnBehalf
    by = fields.List(Name(), required=True)
    via = fields.List(WordField(choices=VIAS), required=True)
    source = source()
    confirmed = confirmed()


class SopSchema(Schema):
    """The whole file."""

    version = fields.Integer(
        required=True,
        strict=True,
        validate=validate.Range(min=1),
        metadata={"remedy": "write a whole number, 1 for the first version"},
    )
    number = WordField(allow_none=True, load_default=None)
    title = WordField(required=True)
    effective = WordField(allow_none=True, load_default=None)
    made = WordField(allow_none=True, load_default=None)
    revised = WordField(allow_none=True, load_default=None)
    approved_by = WordField(allow_none=True, load_default=None)
    timezone = WordField(required=True, remedy="write an IANA zone: Asia/Jakarta, Asia/Makassar or Asia/Jayapura")
    ticket_prefix = WordField(required=True, pattern=r"[A-Z]{2,6}\Z", remedy="write two to six capital letters")
    channels = fields.List(fields.Nested(ChannelSchema), required=True)
    requires = fields.List(WordField(), required=True)
    actors = fields.List(fields.Nested(ActorSchema), required=True)
    start = Name(required=True)
    filed_in = Name(load_default=None)
    case = fields.Nested(CaseSchema, load_default=None)
    stated_total = Standard(load_default=None, allow_none=True)
    stated_total_quote = WordField(load_default=None, allow_none=True)
    steps = fields.List(
        fields.Nested(StepSchema), required=True, validate=validate.Length(min=1, error="there are no steps")
    )
    anytime = many(fields.Nested(ActionSchema))
    after_end = many(fields.Nested(ActionSchema))
    rejections = many(WordField(choices=REJECTIONS))
    leave = fields.Nested(LeaveSchema, load_default=None)
    help = fields.Nested(HelpSchema, load_default=None)
    on_behalf = fields.Nested(OnBehalfSchema, load_default=None)
    without = many(WordField())
    legal_basis = many(WordField())
    warnings = many(WordField())
    records = many(WordField())
    related = many(WordField())
    equipment = many(WordField())
    qualifications = many(WordField())
    known_gaps = many(fields.Nested(KnownGapSchema))
    classification = fields.Nested(ClassificationSchema, load_default=Classification)
    notify = many(fields.Nested(NotifyRuleSchema))
    registers = many(fields.Nested(RegisterSchema))
