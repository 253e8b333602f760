"""The schema of a complaint and of what its reporter may do with it later.

Only what cannot be a complaint at all is refused here: no message, wrong kinds of values, unknown privacy, unknown
fields. A side field that cannot be used is no reason: it is kept as it was written (:mod:`.sides`). What an SOP
requires beyond that is a matter of the dossier, which lists it as missing.
"""

from collections.abc import Mapping
from typing import Any, Final

from marshmallow import ValidationError, post_load, pre_load

from shared.base.blank import is_blank
from shared.base.errors import Invalid
from shared.domain.complaint.privacy import PRIVACIES
from shared.domain.complaint.sides import AS_WRITTEN, sorted_out
from shared.domain.complaint.survey import ELEMENTS, UNANSWERED
from shared.domain.complaint.survey import MOST as MOST_OF_AN_ELEMENT
from shared.domain.sop.vocabulary import CLASSES
from shared.wording.coded_schema import Chosen, CodedSchema, Number, Numbers, Part, Texts, Whole, Written, load_coded

DEFAULT_CHANNEL: Final = "web"

MOST_TEXT: Final = 20_000
"""The longest answer or reason, in characters. A complaint may be as long as its door takes."""

FIXED: Final = ("channel", "external_id")
"""What of a complaint tells how it came in, and therefore no supplement changes."""

MOST_PUT_RIGHT: Final = 500
"""Characters of a name, an address or a number that is put right."""


class _Given(CodedSchema):
    """What was given and nothing else, as JSON: it travels on to a service."""

    @post_load
    def as_json(self, data: dict[str, Any], **_options: Any) -> dict[str, Any]:
        """Leave out what is blank, null or an empty object."""
        return {name: value for name, value in data.items() if not is_blank(value)}


class ReporterSchema(_Given):
    """Who complains. Every field is personal data."""

    name = Written(most=None)
    address = Written(most=None, lines=True)
    phone = Written(most=None)
    email = Written(most=None, metadata={"format": "email"})
    identity = Written(most=None, metadata={"description": "Number of an identity document"})
    contacts = Texts(
        metadata={
            "description": "For channels alone, refused from others: `channel/account/person/address`, "
            "to which letters go by that channel"
        }
    )


class PutRightSchema(_Given):
    """What is put right of who complains: what is given holds from then on."""

    name = Written(most=MOST_PUT_RIGHT)
    address = Written(most=MOST_PUT_RIGHT, lines=True)
    phone = Written(most=MOST_PUT_RIGHT)
    email = Written(most=MOST_PUT_RIGHT, metadata={"format": "email"})
    identity = Written(most=MOST_PUT_RIGHT)


class LocationSchema(_Given):
    """What place it is about."""

    kecamatan = Written(most=None)
    desa = Written(most=None)
    text = Written(most=None, metadata={"description": "The place in words: a landmark, a road, a neighbourhood"})
    lat = Number(metadata={"description": "Latitude, WGS 84, -90 to 90", "type": "number"})
    lon = Number(metadata={"description": "Longitude, WGS 84, -180 to 180", "type": "number"})


class _Complaint(_Given):
    reporter = Part(ReporterSchema)
    title = Written(most=None)
    message = Written(most=None, lines=True)
    location = Part(LocationSchema)
    attachments = Texts(metadata={"description": "Names or links of photos and other supporting data"})
    privacy = Chosen(PRIVACIES)
    category = Written(most=None)
    classification = Written(most=None, metadata={"enum": [*CLASSES, None]})
    occurred_at = Written(most=None, metadata={"format": "date-time", "description": "ISO 8601 with offset"})


class SupplementSchema(_Complaint):
    """Any of the complaint's fields, to complete it. Privacy may only rise; how it came in stays."""

    @pre_load
    def check_fixed(self, data: Any, **_options: Any) -> Any:
        """Refuse by its name what no supplement changes; null and blank ask for nothing."""
        if not isinstance(data, Mapping):
            return data
        fixed: dict[str, Any] = {name: ["fixed_at_filing"] for name in FIXED if not is_blank(data.get(name))}
        reporter = data.get("reporter")
        if isinstance(reporter, Mapping) and not is_blank(reporter.get("contacts")):
            fixed["reporter"] = {"contacts": ["fixed_at_filing"]}
        if fixed:
            raise ValidationError(fixed)
        return {name: value for name, value in data.items() if name not in FIXED}

    @post_load
    def as_json(self, data: dict[str, Any], **options: Any) -> dict[str, Any]:
        """As above; whoever supplements is there to be told what cannot be used."""
        usable, _, faults = sorted_out(super().as_json(data, **options))
        if faults:
            raise ValidationError(dict(faults))
        return usable


class ComplaintSchema(_Complaint):
    """A complaint as it is filed."""

    message = Written(most=None, lines=True, required=True)
    privacy = Chosen(PRIVACIES, load_default=PRIVACIES[0])
    channel = Written(most=None, load_default=DEFAULT_CHANNEL)
    external_id = Written(
        most=None, metadata={"description": "The message's id in its channel: filing it again changes nothing"}
    )

    @post_load
    def as_json(self, data: dict[str, Any], **options: Any) -> dict[str, Any]:
        """As above; a null is no reason to lose a default, and what cannot be used is kept as it was written."""
        usable, written, _ = sorted_out(super().as_json(data, **options))
        complaint = {"privacy": PRIVACIES[0], "channel": DEFAULT_CHANNEL, **usable}
        return {**complaint, AS_WRITTEN: written} if written else complaint


class ReplySchema(_Given):
    """The reporter writes back."""

    text = Written(most=MOST_TEXT, lines=True, required=True)


class RatingSchema(_Given):
    """The reporter rates the handling, from 1 (poor) to 5 (excellent)."""

    score = Whole(least=1, most=5, required=True)
    elements = Numbers(
        least=UNANSWERED,
        most=MOST_OF_AN_ELEMENT,
        count=len(ELEMENTS),
        metadata={"description": "The nine elements of PermenPANRB 14/2017, 1 to 4, 0 for none; where they are asked"},
    )
    comment = Written(most=MOST_TEXT, lines=True)


class ReasonSchema(_Given):
    """The reporter withdraws or reopens, and says why."""

    reason = Written(most=MOST_TEXT, lines=True, required=True)


class SolvedSchema(_Given):
    """The reporter says that the matter is solved: where the SOP has it so, that closes the complaint."""


CALL: Final = "call"


class AdditionSchema(_Given):
    """The reporter adds something to what they have filed, at any time before its end."""

    text = Written(most=MOST_TEXT, lines=True, required=True)
    wants = Chosen((CALL,), metadata={"description": "Whether somebody is to call the reporter"})


ADD: Final = "add"
"""What every reporter may do with a complaint that has not ended, whatever the SOP says of its steps."""

ASK_ABOUT_DATA: Final = "ask-about-data"
"""What every reporter may do at any time, also after the end: ask for a copy of their data, or have it put right."""


class AboutDataSchema(_Given):
    """The reporter asks for a copy of their data (`access`), or to have it put right (`correction`)."""

    kind = Chosen(("access", "correction"), required=True)
    text = Written(most=MOST_TEXT, lines=True, metadata={"description": "What is wrong, and what is right"})


REPORTER_ACTIONS: Final[dict[str, type[CodedSchema]]] = {
    "supplement": SupplementSchema,
    "reply": ReplySchema,
    "rate": RatingSchema,
    "withdraw": ReasonSchema,
    "reopen": ReasonSchema,
    "close": SolvedSchema,
}
"""What a reporter may do with a complaint, and the fields of each."""


# Made once: making a schema costs more than loading a complaint by it.
_COMPLAINT: Final = ComplaintSchema()
_SUPPLEMENT: Final = SupplementSchema()


def load_submission(data: object) -> dict[str, Any]:
    """A complaint from any door.

    :param data: parsed JSON.
    :returns: the given fields as JSON values, texts stripped, ``occurred_at`` in UTC; always with ``message``,
        ``privacy`` and ``channel``; ``reporter`` and ``location`` only when something is in them; ``as_written``, by
        dotted name, only when something could not be used.
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
