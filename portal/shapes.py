"""The shapes of answers, for the OpenAPI document and for contract tests.

They describe what the services send, and do not rebuild it: an answer goes out as it came, fields added by a newer
service included.
"""

from marshmallow import fields

from portal.shape_parts import Page, Shape, instant, text
from shared.domain.dossier.clocks import BREACHED, CANCELLED, PAUSED, RUNNING, SATISFIED
from shared.domain.dossier.files import FILE_KINDS
from shared.domain.dossier.promise import CASE, DATA, HELP, REPLY, STEP
from shared.domain.sop.vocabulary import STATUSES


class ProblemShape(Shape):
    """RFC 9457 problem details."""

    type = text("Stable name of the problem, a URN")
    title = text("Short name of the status")
    status = fields.Integer(required=True)
    detail = text("What is wrong, in the language asked for")
    code = text("Stable name of what went wrong")
    instance = text("The request: name it when asking for help")
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
    ticket = text("The number people quote")
    tracking_code = text("With the ticket, the key to follow the complaint by")
    status = text(one_of=STATUSES)
    step = text(none=True)
    position = fields.Integer(required=True, metadata={"description": "Of the log; for `min_position`"})


class ReadingsShape(Page):
    """Who opened personal data, the latest first."""

    items = fields.List(
        fields.Dict(),
        required=True,
        metadata={"description": "Each: `ticket`, `at`, `actor`, `agency`, `user`, `what`, `why`, `named`"},
    )


class ReadersShape(Shape):
    """How often a complaint was opened."""

    ticket = text()
    times = fields.Integer(required=True)
    named = fields.Integer(required=True, metadata={"description": "How often it was seen who reported"})
    items = fields.List(
        fields.Dict(), required=True, metadata={"description": "By role: `title`, `agency_name`, `times`, `named`"}
    )


class AllowedShape(Shape):
    """An action that may be done now."""

    action = text()
    needs = fields.List(fields.String(), required=True, metadata={"description": "Fields that must be given"})
    optional = fields.List(fields.String(), metadata={"description": "Fields that may be given"})
    actor = fields.String(metadata={"description": "Who may do it"})


class EntryShape(Shape):
    """One event of a timeline."""

    event = text()
    at = instant()
    step = text(none=True)
    actor = text()
    agency = text(none=True)
    late_seconds = fields.Integer(allow_none=True)


class ClockShape(Shape):
    """A time standard at work."""

    target = text(one_of=(STEP, CASE, REPLY, HELP, DATA))
    step = text(none=True)
    actor = text(none=True)
    agency = text(none=True)
    started_at = instant()
    due_at = instant()
    state = text(one_of=(RUNNING, PAUSED, SATISFIED, BREACHED, CANCELLED))
    paused_until = fields.AwareDateTime(
        format="iso", allow_none=True, metadata={"description": "Until when leave was given to stand still"}
    )
    ended_at = instant(none=True)
    late_seconds = fields.Integer(required=True)


class _Heading(Shape):
    id = fields.UUID(required=True)
    ticket = text()
    tenant = text()
    status = text(one_of=STATUSES)
    missing = fields.List(fields.String(), required=True, metadata={"description": "Required by the SOP and lacking"})
    step = text(none=True)
    actor = text(none=True)
    agency = text(none=True)
    due_at = instant(none=True)
    warn_at = instant(none=True)
    allowed = fields.List(fields.Nested(AllowedShape), required=True)


class TrackingShape(_Heading):
    """A complaint as its reporter sees it."""

    timeline = fields.List(fields.Nested(EntryShape), required=True)
    data_requests = fields.List(
        fields.Dict(), metadata={"description": "What was asked about one's own data: by when, and what was answered"}
    )


class OwnDataShape(Shape):
    """What is kept of a reporter in a complaint, as it was given to them."""

    ticket = text()
    government = text()
    given_at = instant()
    complaint = fields.Dict(required=True, metadata={"description": "All that they gave, as it holds now"})
    timeline = fields.List(fields.Nested(EntryShape), required=True)
    readers = fields.Dict(required=True, metadata={"description": "How often it was opened, by role and office"})


class TrackingAfterShape(TrackingShape):
    """The same after the reporter's action."""

    position = fields.Integer(required=True)


class DossierShape(_Heading):
    """A complaint as an officer sees it."""

    version = fields.Integer(required=True)
    sop_version = fields.Integer(required=True)
    clocks = fields.List(fields.Nested(ClockShape), required=True)
    timeline = fields.List(fields.Nested(EntryShape), required=True)
    beside = fields.List(
        fields.Nested(AllowedShape),
        required=True,
        metadata={
            "description": "What may be done beside the case, at any time: notes, and the summary for the public"
        },
    )
    publication = fields.Dict(
        required=True,
        metadata={"description": "`written`: the summary that waits to be published; `published`: what is public"},
    )
    complaint = fields.Dict(metadata={"description": "What was written, as far as the officer may see it"})


class DossierAfterShape(_Heading):
    """A dossier after an officer's action; only where it went, if it left the officer's agency."""

    version = fields.Integer(required=True)
    position = fields.Integer(required=True)


class TaskShape(Shape):
    """An open task."""

    id = fields.UUID(required=True)
    ticket = text()
    title = text()
    task = text("What is to be done: the step itself, a part in it, leave to decide, a reporter to reach")
    task_version = fields.Integer(required=True, metadata={"description": "Of the event that it is about"})
    step = text(none=True)
    actor = text(none=True)
    agency = text(none=True)
    channel = text("By which the complaint came", none=True)
    category = text(none=True)
    kecamatan = text(none=True)
    from_actor = text("Who brought it there", none=True)
    from_agency = text(none=True)
    privacy = text("What the reporter asked for of their name", none=True)
    wrong_agency = fields.Boolean(
        required=True,
        metadata={"description": "Whether an office once returned it as not its own"},
    )
    since = instant()
    due_at = instant(none=True)
    state = text()


class FileShape(Shape):
    """A file of a dossier."""

    id = fields.UUID(required=True)
    kind = text(one_of=FILE_KINDS)
    name = text("As it was sent, freed of what no file name should hold", none=True)
    media_type = text("By its content")
    size = fields.Integer(required=True)
    sha256 = text()
    at = instant()
    actor = text()


class FileAddedShape(FileShape):
    """A file that was added."""

    position = fields.Integer(required=True, allow_none=True)


class InboxShape(Page):
    """Open tasks, soonest due first, of equals the longest at its desk."""

    items = fields.List(fields.Nested(TaskShape), required=True)


class ClocksShape(Page):
    """Clocks, soonest due first."""

    items = fields.List(fields.Nested(ClockShape), required=True)


class PublishedItemShape(Shape):
    """What everybody may read of a complaint: written for it by one officer, published by another."""

    ticket = text()
    summary = text()
    public_answer = text(none=True)
    category = text(none=True)
    kecamatan = text(none=True)
    desa = text(none=True)
    agency = text(none=True)
    agency_name = text(none=True)
    status = text(one_of=STATUSES)
    filed_on = fields.Date(required=True)
    answered_on = fields.Date(required=True)
    days = fields.Integer(required=True, metadata={"description": "Calendar days from filing to answer"})
    published_on = fields.Date(required=True)


class PublishedShape(Page):
    """A page of what is public, with how many there are by sub-district and category, but for one state only."""

    items = fields.List(fields.Nested(PublishedItemShape), required=True)
    by_kecamatan = fields.List(fields.Dict(), required=True)
    by_category = fields.List(fields.Dict(), required=True)


class WaitingShape(Page):
    """A page of the answered complaints of which nothing is public yet."""

    items = fields.List(
        fields.Dict(), required=True, metadata={"description": "Each with `ticket`, `title` and `publication`"}
    )


class RecapShape(Shape):
    """The statistics of a month."""

    tenant = text()
    month = text()


class DrawnShape(Shape):
    """Months that have been drawn up."""

    items = fields.List(fields.Dict(), required=True, metadata={"description": "Each with `month` and `drawn_at`"})


class RegisterShape(Shape):
    """A page of a month's register."""

    tenant = text()
    month = text()
    titles = fields.List(fields.Dict(), required=True)
    channel = text("By which they came in; none if by any", none=True)
    channels = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        metadata={"description": "The procedure's own names of them, by id"},
    )
    rows = fields.List(fields.Dict(), required=True, metadata={"description": "One for each complaint"})
    next = text("For `after`; none on the last page", none=True)


class FoundItemShape(Shape):
    """A complaint that was found."""

    id = fields.UUID(required=True)
    ticket = text()
    title = text()
    status = text(one_of=STATUSES)
    step = text(none=True)
    actor = text(none=True)
    agency = text(none=True)
    filed_at = instant()


class FoundShape(Shape):
    """A page of complaints."""

    items = fields.List(fields.Nested(FoundItemShape), required=True)
    next = text("For `after`; none on the last page", none=True)


class TokenShape(Shape):
    """A bearer token."""

    token = text()
    token_type = text(one_of=("Bearer",))
    expires_in = fields.Integer(required=True, metadata={"description": "Seconds, by the machine's clock"})
    tenant = text()
    actor = text()
    agency = text(none=True)


class NowShape(Shape):
    """A simulated clock."""

    now = instant()
