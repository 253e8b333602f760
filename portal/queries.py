"""What may be asked in an address and in the bodies of officers, as schemas."""

import re
from typing import Any, Final

from marshmallow import INCLUDE, ValidationError, post_load, validate
from webargs.fields import DelimitedList

from portal.iso_duration import parse_duration
from shared.application.readings.recording import GIVEN
from shared.base.names import LONGEST, canonical
from shared.domain.complaint.schema import MOST_TEXT, SupplementSchema
from shared.domain.documents.forms import KINDS
from shared.domain.dossier.beside import PUBLIC
from shared.wording.coded_schema import CodedSchema, Instant, Text, Whole, Written

_NAME: Final = 60
_CURSOR: Final = 500
_MOST_PAGE: Final = 200
_SLUG: Final = re.compile(r"[a-z0-9][a-z0-9_.-]*")

_MIN_POSITION: Final = "Wait, for a bounded time, until the event at this position of the log is visible"


class CodeQuery(CodedSchema):
    """The reporter's key to a ticket. A missing one is a wrong one."""

    code = Text(most=200, load_default=None, metadata={"description": "Tracking code"})
    min_position = Whole(least=0, words=True, load_default=None, metadata={"description": _MIN_POSITION})


class PositionQuery(CodedSchema):
    """A read that may wait for a write."""

    min_position = Whole(least=0, words=True, load_default=None, metadata={"description": _MIN_POSITION})


class DossierQuery(PositionQuery):
    """How a dossier is opened."""

    why = Text(most=_NAME, load_default=None, metadata={"description": f"Recorded: {', '.join(GIVEN)}"})


class FileQuery(CodedSchema):
    """How a file of a dossier is opened."""

    why = Text(most=_NAME, load_default=None, metadata={"description": f"Recorded: {', '.join(GIVEN)}"})


class PageQuery(PositionQuery):
    """One page of a list."""

    after = Text(most=_CURSOR, load_default=None, metadata={"description": "`next` of the page before"})
    limit = Whole(least=1, most=_MOST_PAGE, words=True, load_default=50)


class ReadingsQuery(CodedSchema):
    """Whose readings, and of what."""

    ticket = Text(most=200, load_default=None, metadata={"description": "Of this complaint only"})
    user = Text(most=_NAME, load_default=None, metadata={"description": "By this account only"})
    after = Text(most=_CURSOR, load_default=None, metadata={"description": "`next` of the page before"})
    limit = Whole(least=1, most=_MOST_PAGE, words=True, load_default=50)


class InboxQuery(PageQuery):
    """Whose open tasks; the token's own agency and actor by default."""

    agency = Text(most=_NAME, load_default=None)
    actor = Text(most=_NAME, load_default=None)


class ClocksQuery(PageQuery):
    """Which clocks, by state."""

    state = DelimitedList(
        Text(most=_NAME), metadata={"description": "running, warned, breached, paused, satisfied, cancelled"}
    )

    @post_load
    def without_blanks(self, data: dict[str, Any], **_options: Any) -> dict[str, Any]:
        """A blank names no state."""
        return {**data, "state": [state for state in data.get("state", []) if state]}


class RecapQuery(PositionQuery):
    """Which month."""

    month = Text(
        most=7,
        required=True,
        validate=[validate.Regexp(r"^[0-9]{4}-(0[1-9]|1[0-2])$", error="not_a_month")],
        metadata={"example": "2026-10"},
    )


class PublishedQuery(CodedSchema):
    """Which summaries, by names of the government's lists, the month of filing, and where the complaint stands."""

    category = Text(most=100)
    kecamatan = Text(most=100)
    agency = Text(most=_NAME)
    month = Text(
        most=7,
        validate=[validate.Regexp(r"^[0-9]{4}-(0[1-9]|1[0-2])$", error="not_a_month")],
        metadata={"example": "2026-10"},
    )
    status = Text(most=_NAME, metadata={"description": ", ".join(PUBLIC)})
    after = Text(most=_CURSOR, load_default=None, metadata={"description": "`next` of the page before"})
    limit = Whole(least=1, most=_MOST_PAGE, words=True, load_default=20)


class WaitingQuery(CodedSchema):
    """Which page."""

    after = Text(most=_CURSOR, load_default=None, metadata={"description": "`next` of the page before"})
    limit = Whole(least=1, most=_MOST_PAGE, words=True, load_default=50)


class _Slug(Text):
    """An SOP's own word, so that a refusal can repeat it; in the letters and with the blanks that somebody wrote."""

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **options: Any) -> Any:
        """In small letters, with underscores for blanks."""
        word = value
        if isinstance(value, str) and len(value) <= LONGEST:
            word = canonical(value).replace(" ", "_")
        found = super().deserialize(word, attr, data, **options)
        if isinstance(found, str) and not _SLUG.fullmatch(found):
            raise ValidationError(["not_a_slug"])
        return found


class ActionBody(CodedSchema):
    """An officer's action. Which one, and which fields it needs, is the SOP's: see ``allowed`` of the dossier."""

    class Meta:
        """An SOP may ask for fields of its own; the service refuses what it does not ask for."""

        unknown = INCLUDE

    action = _Slug(most=_NAME, required=True)
    version = Whole(
        least=1, metadata={"description": "Refuse if it has moved on since: by people, or to another action"}
    )
    agency = Text(most=_NAME)
    note = Written(most=MOST_TEXT, lines=True)
    reason = Written(most=MOST_TEXT, lines=True)
    response = Written(most=MOST_TEXT, lines=True)
    text = Written(most=MOST_TEXT, lines=True)
    to = Written(most=200)
    classification = Text(most=_NAME)
    category = Text(most=100)
    kind = Text(most=_NAME)
    why = Text(most=_NAME)
    until = Text(most=_NAME, metadata={"description": "ISO 8601 with offset, or a day, which is meant to its end"})
    asked = Whole(least=1, words=True, metadata={"description": "Version of the request for leave: see the inbox"})
    of = Whole(least=1, words=True, metadata={"description": "Version of what the reporter was told: see `untold`"})
    summary = Written(most=MOST_TEXT, lines=True, metadata={"description": "What the public may read"})
    public_answer = Written(
        most=MOST_TEXT, lines=True, metadata={"description": "The answer as the public may read it"}
    )
    summary_version = Whole(least=1, words=True, metadata={"description": "Version of the summary that was looked at"})
    part = Whole(least=1, words=True, metadata={"description": "Version of the request for help: see the inbox"})

    @post_load
    def split(self, data: dict[str, Any], **_options: Any) -> dict[str, Any]:
        """``action``, ``version``, and the action's own ``fields`` with something in them."""
        fields: dict[str, Any] = {}
        wrong: dict[str, Any] = {}
        for name, value in data.items():
            if name in ("action", "version"):
                continue
            try:
                # What is no text (a score, a part of the complaint) is the service's to check, as the SOP wants it.
                as_it_is = name in self.fields or name in _STRUCTURED or isinstance(value, int)
                fields[name] = value if as_it_is else _FREE.deserialize(value)
            except ValidationError as error:
                wrong[name] = error.messages
        if wrong:
            raise ValidationError(wrong)
        given = {name: value for name, value in fields.items() if value is not None}
        return {"action": data["action"], "version": data.get("version"), "fields": given}


class DocumentAsked(CodedSchema):
    """A document to be made; which kinds there are, and what each needs, the service says."""

    kind = Text(most=_NAME, required=True, metadata={"enum": list(KINDS)})
    note = Written(most=MOST_TEXT, lines=True, metadata={"description": "What its maker adds"})
    via = Text(most=_NAME, metadata={"description": "Of a receipt: how it is handed over, e.g. `counter`"})
    code = Text(most=_NAME, metadata={"description": "Of a receipt: `new` for a new code, which ends the one before"})

    @post_load
    def given(self, data: dict[str, Any], **_options: Any) -> dict[str, Any]:
        """Only what was given."""
        return {name: value for name, value in data.items() if value is not None}


class LoginSchema(CodedSchema):
    """A name and a password."""

    tenant = Text(most=_NAME, required=True, metadata={"description": "`*` for an administrator"})
    username = Text(most=_NAME, required=True)
    password = Text(most=200, strip=False, required=True, metadata={"format": "password"})


class ClockMove(CodedSchema):
    """How far to move a simulated clock: by a duration, or to an instant."""

    advance = Text(most=60, metadata={"example": "PT15M", "description": "ISO 8601 duration"})
    to = Instant(metadata={"example": "2026-10-05T08:00:00+07:00"})

    @post_load
    def one_of_them(self, data: dict[str, Any], **_options: Any) -> dict[str, Any]:
        """The duration parsed, or the instant."""
        advance, to = data.get("advance"), data.get("to")
        if (advance is None) == (to is None):
            raise ValidationError({"advance": ["advance_or_to"]})
        if advance is None:
            return {"to": to}
        try:
            return {"advance": parse_duration(advance)}
        except ValueError:
            raise ValidationError({"advance": ["not_a_duration"]}) from None


_FREE: Final = Written(most=MOST_TEXT, lines=True)
_STRUCTURED: Final = frozenset({*SupplementSchema().fields, "elements", "score"})
