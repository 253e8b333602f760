"""The fields of what people arrange beside the steps."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from shared.base.errors import Invalid
from shared.base.times import from_iso
from shared.domain.complaint.schema import MOST_TEXT
from shared.domain.dossier.leave import LEAVES
from shared.wording.coded_schema import Chosen, CodedSchema, Text, Whole

_WORD: Final = 60


class AskLeaveSchema(CodedSchema):
    """A desk asks to take longer."""

    kind = Chosen(LEAVES, required=True)
    why = Text(most=_WORD, required=True)
    until = Text(most=_WORD, required=True)
    reason = Text(most=MOST_TEXT, lines=True, required=True)


class GrantLeaveSchema(CodedSchema):
    """It is given, until when it was asked for unless something else is said."""

    asked = Whole(least=1, words=True, required=True)
    until = Text(most=_WORD)
    reason = Text(most=MOST_TEXT, lines=True)


class RefuseLeaveSchema(CodedSchema):
    """It is refused."""

    asked = Whole(least=1, words=True, required=True)
    reason = Text(most=MOST_TEXT, lines=True, required=True)


class ResumeSchema(CodedSchema):
    """A pause is ended before its time."""

    note = Text(most=MOST_TEXT, lines=True)


class AskHelpSchema(CodedSchema):
    """Another agency is asked for its part."""

    agency = Text(most=_WORD, required=True)
    note = Text(most=MOST_TEXT, lines=True, required=True)


class GiveHelpSchema(CodedSchema):
    """It does its part."""

    part = Whole(least=1, words=True, required=True)
    response = Text(most=MOST_TEXT, lines=True, required=True)


class CancelHelpSchema(CodedSchema):
    """A part is no longer asked for, or none of that agency's business."""

    part = Whole(least=1, words=True, required=True)
    reason = Text(most=MOST_TEXT, lines=True, required=True)


SCHEMAS: Final[dict[str, type[CodedSchema]]] = {
    "ask_leave": AskLeaveSchema,
    "grant_leave": GrantLeaveSchema,
    "refuse_leave": RefuseLeaveSchema,
    "resume": ResumeSchema,
    "ask_help": AskHelpSchema,
    "give_help": GiveHelpSchema,
    "cancel_help": CancelHelpSchema,
}


def until_of(text: str, zone: ZoneInfo) -> datetime:
    """An instant with its offset, or a day, which is meant to its end.

    :param zone: in which days are meant.
    :raises Invalid: for anything else.
    """
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    try:
        if day is not None:
            return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
        return from_iso(text).replace(microsecond=0)
    except (ValueError, OverflowError):
        raise Invalid("invalid_fields", fields={"until": ["not_an_instant"]}) from None
