"""What may be asked of registers and of the search."""

from typing import Final

from marshmallow import validate
from webargs.fields import DelimitedList

from portal.queries import PageQuery
from shared.domain.sop.vocabulary import STATUSES
from shared.wording.coded_schema import Chosen, Text, Whole, Written

FORMATS: Final = ("json", "csv", "xlsx", "pdf")
COUNTED: Final = (
    *("answered", "met", "missed", "rated", "reopened"),
    *("incomplete", "wrong_agency", "out_of_authority", "rework"),
)
_NAME: Final = 60


class RegisterQuery(PageQuery):
    """Which month's register, and as what."""

    month = Text(
        most=7,
        required=True,
        validate=[validate.Regexp(r"^[0-9]{4}-(0[1-9]|1[0-2])$", error="not_a_month")],
        metadata={"example": "2026-10"},
    )
    register = Text(most=_NAME, load_default=None, metadata={"description": "Its id in the SOP; for its title"})
    channel = Text(most=_NAME, metadata={"description": "Only what came in by it"})
    format = Chosen(FORMATS, load_default="json")
    limit = Whole(least=1, most=500, words=True, load_default=100)


class SearchQuery(PageQuery):
    """What is known of the complaints wanted; all of it must fit."""

    ticket = Text(most=_NAME)
    name = Written(
        most=200, metadata={"description": "The reporter's whole name, in any spelling of capitals and blanks"}
    )
    phone = Text(most=40, metadata={"description": "The reporter's telephone number, however it is written"})
    category = Text(most=100)
    kecamatan = Text(most=100)
    desa = Text(most=100)
    agency = Text(most=_NAME)
    step = Text(most=_NAME)
    channel = Text(most=_NAME)
    classification = Text(most=_NAME)
    status = DelimitedList(Text(most=_NAME), metadata={"description": ", ".join(STATUSES)})
    state = Chosen(("open", "closed"), metadata={"description": "All that still wait, or all that have ended"})
    counted = Chosen(COUNTED, metadata={"description": "What a recap counts, e.g. all that were answered in time"})
    since = Text(most=40, metadata={"description": "Filed on this day or later", "format": "date"})
    until = Text(most=40, metadata={"description": "Filed on this day or earlier", "format": "date"})
