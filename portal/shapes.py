"""The shapes of answers, for the OpenAPI document and for contract tests.

They describe what the services send, and do not rebuild it: an answer goes out as it came, fields added by a newer
service included.
"""

from marshmallow import INCLUDE, Schema, fields

from shared.domain.dossier.clocks import BREACHED, CANCELLED, PAUSED, RUNNING, SATISFIED
from shared.domain.dossier.files import FILE_KINDS
from shared.domain.dossier.promise import CASE, HELP, REPLY, STEP
from shared.domain.sop.vocabulary import STATUSES


class Shape(Schema):
    """An answer; more fields may be added to it at any time."""

    class Meta:
        """Unknown fields are no fault of the reader's."""

        unknown = INCLUDE


def _text(description: str = "", *, none: bool = False, one_of: tuple[str, ...] = ()) -> fields.String:
    metadata: dict[str, object] = {"description": description} if description else {}
    if one_of:
        metadata["enum"] = [*one_of, None] if none else list(one_of)
    return fields.String(required=True, allow_none=none, metadata=metadata)


def _instant(description: str = "", *, none: bool = False) -> fields.AwareDateTime:
    metadata = {"description": description} if description else {}
    return fields.AwareDateTime(format="iso", required=True, allow_none=none, metadata=metadata)


class ProblemShape(Shape):
    """RFC 9457 problem details."""

    type = _text("Stable name of the problem, a URN")
    title = _text("Short name of the status")
    status = fields.Integer(required=True)
    detail = _text("What is wrong, in the language asked for")
    code = _text("Stable name of what went wrong")
    instance = _text("The request: name it when asking for help")
    idempotency_key = fields.String(
        metadata={"description": "Of `outcome_unknown`: send the same request again with this `Idempotency-Key`"}
    )
    allowed = fields.List(
        fields.String(), metadata={"description": "Of `not_allowed_here`: the names of the actions that may be done"}
    )
    errors = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.String()),
        metadata={"description": "What is wrong with each field, nested ones by dotted names"},
    )


class ReceiptShape(Shape):
    """What a reporter gets for a complaint."""

    id = fields.UUID(required=True)
    ticket = _text("The number people quote")
    tracking_code = _text("With the ticket, the key to follow the complaint by")
    status = _text(one_of=STATUSES)
    step = _text(none=True)
    position = fields.Integer(required=True, metadata={"description": "Of the log; for `min_position`"})


class AllowedShape(Shape):
    """An action that may be done now."""

    action = _text()
    needs = fields.List(fields.String(), required=True, metadata={"description": "Fields that must be given"})
    optional = fields.List(fields.String(), metadata={"description": "Fields that may be given"})
    actor = fields.String(metadata={"description": "Who may do it"})


class EntryShape(Shape):
    """One event of a timeline."""

    event = _text()
    at = _instant()
    step = _text(none=True)
    actor = _text()
    agency = _text(none=True)
    late_seconds = fields.Integer(allow_none=True)


class ClockShape(Shape):
    """A time standard at work."""

    target = _text(one_of=(STEP, CASE, REPLY, HELP))
    step = _text(none=True)
    actor = _text(none=True)
    agency = _text(none=True)
    started_at = _instant()
    due_at = _instant()
    state = _text(one_of=(RUNNING, PAUSED, SATISFIED, BREACHED, CANCELLED))
    paused_until = fields.AwareDateTime(
        format="iso", allow_none=True, metadata={"description": "Until when leave was given to stand still"}
    )
    ended_at = _instant(none=True)
    late_seconds = fields.Integer(required=True)


class _Heading(Shape):
    id = fields.UUID(required=True)
    ticket = _text()
    tenant = _text()
    status = _text(one_of=STATUSES)
    missing = fields.List(fields.String(), required=True, metadata={"description": "Required by the SOP and lacking"})
    step = _text(none=True)
    actor = _text(none=True)
    agency = _text(none=True)
    due_at = _instant(none=True)
    warn_at = _instant(none=True)
    allowed = fields.List(fields.Nested(AllowedShape), required=True)


class TrackingShape(_Heading):
    """A complaint as its reporter sees it."""

    timeline = fields.List(fields.Nested(EntryShape), required=True)


class TrackingAfterShape(TrackingShape):
    """The same after the reporter's action."""

    position = fields.Integer(required=True)


class DossierShape(_Heading):
    """A complaint as an officer sees it."""

    version = fields.Integer(required=True)
    sop_version = fields.Integer(required=True)
    clocks = fields.List(fields.Nested(ClockShape), required=True)
    timeline = fields.List(fields.Nested(EntryShape), required=True)
    complaint = fields.Dict(metadata={"description": "What was written, as far as the officer may see it"})


class DossierAfterShape(_Heading):
    """A dossier after an officer's action; only where it went, if it left the officer's agency."""

    version = fields.Integer(required=True)
    position = fields.Integer(required=True)


class TaskShape(Shape):
    """An open task."""

    id = fields.UUID(required=True)
    ticket = _text()
    title = _text()
    task = _text("What is to be done: the step itself, a part in it, leave to decide, a reporter to reach")
    task_version = fields.Integer(required=True, metadata={"description": "Of the event that it is about"})
    step = _text(none=True)
    actor = _text(none=True)
    agency = _text(none=True)
    since = _instant()
    due_at = _instant(none=True)
    state = _text()


class FileShape(Shape):
    """A file of a dossier."""

    id = fields.UUID(required=True)
    kind = _text(one_of=FILE_KINDS)
    name = _text("As it was sent, freed of what no file name should hold", none=True)
    media_type = _text("By its content")
    size = fields.Integer(required=True)
    sha256 = _text()
    at = _instant()
    actor = _text()


class FileAddedShape(FileShape):
    """A file that was added."""

    position = fields.Integer(required=True, allow_none=True)


class _Page(Shape):
    next = _text("`after` of the next page; null on the last", none=True)


class InboxShape(_Page):
    """Open tasks, soonest due first."""

    items = fields.List(fields.Nested(TaskShape), required=True)


class ClocksShape(_Page):
    """Clocks, soonest due first."""

    items = fields.List(fields.Nested(ClockShape), required=True)


class RecapShape(Shape):
    """The statistics of a month."""

    tenant = _text()
    month = _text()


class DrawnShape(Shape):
    """Months that have been drawn up."""

    items = fields.List(fields.Dict(), required=True, metadata={"description": "Each with `month` and `drawn_at`"})


class RegisterShape(Shape):
    """A page of a month's register."""

    tenant = _text()
    month = _text()
    titles = fields.List(fields.Dict(), required=True)
    rows = fields.List(fields.Dict(), required=True, metadata={"description": "One for each complaint"})
    next = _text("For `after`; none on the last page", none=True)


class FoundItemShape(Shape):
    """A complaint that was found."""

    id = fields.UUID(required=True)
    ticket = _text()
    title = _text()
    status = _text(one_of=STATUSES)
    step = _text(none=True)
    actor = _text(none=True)
    agency = _text(none=True)
    filed_at = _instant()


class FoundShape(Shape):
    """A page of complaints."""

    items = fields.List(fields.Nested(FoundItemShape), required=True)
    next = _text("For `after`; none on the last page", none=True)


class _Named(Shape):
    id = _text()


class ActorShape(_Named):
    """A role."""

    title = _text()


class AgencyShape(_Named):
    """An office."""

    name = _text()


class SopActionShape(Shape):
    """A way out of a step."""

    name = _text()
    event = _text("The type of event that records it")
    to = _text("The next step's id, `same` or `end`")
    needs = fields.List(fields.String(), required=True)


class StepShape(_Named):
    """A row of the SOP."""

    printed = _text("The number printed in the SOP", none=True)
    actor = _text()
    within = _text("The time standard, e.g. `15 min`", none=True)
    actions = fields.List(fields.Nested(SopActionShape), required=True)


class SopShape(Shape):
    """A government's procedure, in the version under which complaints are filed now."""

    tenant = _text()
    version = fields.Integer(required=True)
    timezone = _text()
    channels = fields.List(fields.String(), required=True)
    requires = fields.List(fields.String(), required=True)
    actors = fields.List(fields.Nested(ActorShape), required=True)
    agencies = fields.List(fields.Nested(AgencyShape), required=True)
    steps = fields.List(fields.Nested(StepShape), required=True)


class SopsShape(_Page):
    """Every government's procedure."""

    items = fields.List(fields.Nested(SopShape), required=True)


class TokenShape(Shape):
    """A bearer token."""

    token = _text()
    token_type = _text(one_of=("Bearer",))
    expires_in = fields.Integer(required=True, metadata={"description": "Seconds, by the machine's clock"})
    tenant = _text()
    actor = _text()
    agency = _text(none=True)


class NowShape(Shape):
    """A simulated clock."""

    now = _instant()
