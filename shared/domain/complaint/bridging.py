"""The bridge to another system that holds the same complaints: what goes back to it, and where the two disagree.

A layout (:mod:`shared.domain.complaint.layout`) says it under ``bridge:``

.. code-block:: yaml

    bridge:
      closed: {Status Laporan: [Selesai]}      # rows that are finished there
      agency: Instansi Terdisposisi            # with whom they are there
      back:                                    # the columns of the table that goes back, in this order
        Tracking ID: external_id
        Status Laporan: {field: status, values: {answered: Selesai}, else: Proses}
        Tanggal Tindak Lanjut: {field: answered_at, format: "%d/%m/%Y %H:%M"}

Neither system overwrites the other: what differs is listed for a person.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal

from marshmallow import Schema, ValidationError, fields, post_load

from shared.base.blank import is_blank
from shared.base.names import canonical
from shared.domain.sop.reading.schema import WordField
from shared.domain.sop.vocabulary import FINAL_STATUSES

FIELDS: Final = ("external_id", "ticket", "status", "category", "agency_name", "filed_at", "answer", "answered_at")
"""What may go back of a complaint."""

Conflict = Literal[
    "not_here", "closed_there", "open_there", "ended_here", "text_differs", "agency_differs", "also_here"
]

_ANSWERED: Final = frozenset({"answered", "closed"})
_REMEDY: Final = {"remedy": f"write one of {', '.join(FIELDS)}, or {{field: ..., values: {{...}}}}"}


@dataclass(frozen=True)
class Back:
    """One cell of what goes back.

    :param name: of the complaint's field.
    :param values: the other system's words for ours; of any other word ``other``, if that is given.
    :param form: of an instant, as ``strftime`` has it.
    """

    name: str
    values: Mapping[str, str] = field(default_factory=dict)
    other: str | None = None
    form: str | None = None

    def cell(self, value: str | None) -> str | None:
        """The cell for a value."""
        if value is None:
            return self.other
        if self.form is not None:
            return datetime.fromisoformat(value).strftime(self.form)
        return self.values.get(value, self.other if self.other is not None else value)


@dataclass(frozen=True)
class Bridge:
    """How two systems stay in step.

    :param back: by heading.
    :param closed: cells, in canonical form, by which a row is known as finished there, by heading.
    :param agency: the heading of the office that has it there.
    """

    back: Mapping[str, Back]
    closed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    agency: str | None = None

    @property
    def headings(self) -> tuple[str, ...]:
        """Those that it reads."""
        return (*self.closed, *([self.agency] if self.agency else []))

    def row(self, ours: Mapping[str, Any]) -> list[str | None]:
        """What goes back of one complaint, cell by cell."""
        return [each.cell(ours.get(each.name)) for each in self.back.values()]


@dataclass(frozen=True)
class Theirs:
    """One complaint as the other system has it.

    :param external_id: its number there, with the source before it.
    :param message: its text, as it would be filed.
    :param closed: whether it is finished there.
    :param agency: who has it there; blank if nobody is named.
    """

    external_id: str
    message: str
    closed: bool
    agency: str = ""


class _BackField(fields.Field[Back]):
    def __init__(self) -> None:
        super().__init__(metadata=_REMEDY)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_options: Any) -> Back:  # noqa: ARG002
        given: Any = {"field": value} if isinstance(value, str) else value
        if not isinstance(given, Mapping) or set(given) - {"field", "values", "else", "format"}:
            raise ValidationError("neither a field nor {field: ...}")
        name = given.get("field")
        if name not in FIELDS:
            raise ValidationError(f"{name!r} does not go back")
        values = {str(ours): str(theirs) for ours, theirs in (given.get("values") or {}).items()}
        other, form = given.get("else"), given.get("format")
        return Back(name, values, None if other is None else str(other), None if form is None else str(form))


class BridgeSchema(Schema):
    """``bridge:`` of a layout."""

    back = fields.Dict(keys=WordField(), values=_BackField(), required=True)
    closed = fields.Dict(keys=WordField(), values=fields.List(fields.String()), load_default=dict)
    agency = WordField(load_default=None)

    @post_load
    def as_bridge(self, data: dict[str, Any], **_options: Any) -> Bridge:
        """As it is used."""
        closed = {name: tuple(map(canonical, cells)) for name, cells in data["closed"].items()}
        return Bridge(data["back"], closed, data["agency"])


def conflicts(theirs: Theirs, ours: Mapping[str, Any] | None) -> Iterator[Conflict]:
    """Where the two systems disagree about one complaint.

    :param ours: its row here; none if it was never filed.
    """
    if ours is None:
        if not theirs.closed:
            yield "not_here"
        return
    status = ours["status"]
    if theirs.closed and status not in _ANSWERED and status not in FINAL_STATUSES:
        yield "closed_there"
    if not theirs.closed and status in _ANSWERED:
        yield "open_there"
    if not theirs.closed and status in FINAL_STATUSES - _ANSWERED:
        yield "ended_here"
    if ours["message"] is not None and canonical(theirs.message) not in _said(ours):
        yield "text_differs"
    if theirs.agency and ours["agency_name"] and canonical(theirs.agency) != canonical(ours["agency_name"]):
        yield "agency_differs"


def _said(ours: Mapping[str, Any]) -> set[str]:
    """Everything that was written here, each text on its own: theirs may be any of them."""
    texts = [ours["message"], *(each["message"] for each in ours.get("additions") or ())]
    return {canonical(str(text)) for text in texts if not is_blank(text)}
