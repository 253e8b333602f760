"""The schema of a complaint and of what its reporter may do with it later.

Only what cannot be a complaint at all is refused here: no message, wrong kinds of values, unknown privacy, unknown
fields. What an SOP requires beyond that is a matter of the dossier, which lists it as missing.
"""

from datetime import datetime
from typing import Any, Final

from marshmallow import post_load, validate

from shared.base.errors import Invalid
from shared.base.times import to_iso
from shared.domain.sop.vocabulary import CLASSES
from shared.wording.coded_schema import (
    Choice,
    CodedSchema,
    Degrees,
    Email,
    Instant,
    Part,
    Text,
    Texts,
    Whole,
    load_coded,
)

PRIVACIES: Final = ("open", "anonymous", "secret")
DEFAULT_CHANNEL: Final = "web"

MOST_TEXT: Final = 20_000
"""The longest message, answer or reason, in characters."""

_SLUG: Final = validate.Regexp(r"^[a-z0-9][a-z0-9_.-]*$", error="not_a_slug")


class _Given(CodedSchema):
    """What was given and nothing else, as JSON: it travels on to a service."""

    @post_load
    def as_json(self, data: dict[str, Any], **_options: Any) -> dict[str, Any]:
        """Leave out what is blank, null or an empty object."""
        given = {name: value for name, value in data.items() if value not in (None, {}, [])}
        return {name: to_iso(value) if isinstance(value, datetime) else value for name, value in given.items()}


class ReporterSchema(_Given):
    """Who complains. Every field is personal data."""

    name = Text(most=200)
    address = Text(most=500, lines=True)
    phone = Text(most=40)
    email = Email()
    identity = Text(most=40, metadata={"description": "Number of an identity document"})


class LocationSchema(_Given):
    """What place it is about."""

    kecamatan = Text(most=100)
    desa = Text(most=100)
    lat = Degrees(most=90, metadata={"description": "Latitude, WGS 84"})
    lon = Degrees(most=180, metadata={"description": "Longitude, WGS 84"})


class SupplementSchema(_Given):
    """Any of the complaint's fields, to complete it."""

    reporter = Part(ReporterSchema, allow_none=True)
    title = Text(most=200)
    message = Text(most=MOST_TEXT, lines=True)
    location = Part(LocationSchema, allow_none=True)
    attachments = Texts(
        most=500, count=20, metadata={"description": "Names or links of photos and other supporting data"}
    )
    privacy = Choice(PRIVACIES)
    channel = Text(most=40, validate=[_SLUG])
    external_id = Text(
        most=200, metadata={"description": "The message's id in its channel: filing it again changes nothing"}
    )
    category = Text(most=100)
    classification = Choice(CLASSES)
    occurred_at = Instant(metadata={"description": "When it was made, if not now; ISO 8601 with offset"})


class ComplaintSchema(SupplementSchema):
    """A complaint as it is filed."""

    message = Text(most=MOST_TEXT, lines=True, required=True)
    privacy = Choice(PRIVACIES, load_default=PRIVACIES[0])
    channel = Text(most=40, validate=[_SLUG], load_default=DEFAULT_CHANNEL)

    @post_load
    def as_json(self, data: dict[str, Any], **options: Any) -> dict[str, Any]:
        """As above; a null is no reason to lose a default."""
        return {"privacy": PRIVACIES[0], "channel": DEFAULT_CHANNEL, **super().as_json(data, **options)}


class ReplySchema(_Given):
    """The reporter writes back."""

    text = Text(most=MOST_TEXT, lines=True, required=True)


class RatingSchema(_Given):
    """The reporter rates the handling, from 1 (poor) to 5 (excellent)."""

    score = Whole(least=1, most=5, required=True)
    comment = Text(most=MOST_TEXT, lines=True)


class ReasonSchema(_Given):
    """The reporter withdraws or reopens, and says why."""

    reason = Text(most=MOST_TEXT, lines=True, required=True)


REPORTER_ACTIONS: Final[dict[str, type[CodedSchema]]] = {
    "supplement": SupplementSchema,
    "reply": ReplySchema,
    "rate": RatingSchema,
    "withdraw": ReasonSchema,
    "reopen": ReasonSchema,
}
"""What a reporter may do with a complaint, and the fields of each."""


# Made once: making a schema costs more than loading a complaint by it.
_COMPLAINT: Final = ComplaintSchema()
_SUPPLEMENT: Final = SupplementSchema()


def load_submission(data: object) -> dict[str, Any]:
    """A complaint from any door.

    :param data: parsed JSON.
    :returns: the given fields as JSON values, texts stripped, ``occurred_at`` in UTC; always with ``message``,
        ``privacy`` and ``channel``; ``reporter`` and ``location`` only when something is in them.
    :raises Invalid: naming the fields at fault, nested ones with a dot (``reporter.name``).
    """
    complaint: dict[str, Any] = load_coded(_COMPLAINT, data)
    return complaint


def load_supplement(data: object) -> dict[str, Any]:
    """What completes a complaint: any of its fields, at least one.

    :raises Invalid: naming the fields at fault, or if nothing was given.
    """
    given: dict[str, Any] = load_coded(_SUPPLEMENT, data)
    if not given:
        raise Invalid("nothing_given", fields={"body": ["nothing_given"]})
    return given
