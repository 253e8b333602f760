"""The shapes of answers about what may belong to a complaint: others like it, agencies and categories."""

from marshmallow import fields

from portal.shape_parts import Shape, instant, text
from shared.domain.sop.vocabulary import STATUSES


class AlikeShape(Shape):
    """A complaint that may be about the same matter. Shares go from 0 to 1."""

    id = fields.UUID(required=True)
    ticket = text()
    title = text()
    status = text(one_of=STATUSES)
    privacy = text()
    agency = text(none=True)
    filed_at = instant()
    score = fields.Float(required=True, metadata={"description": "All together"})
    text_ = fields.Float(data_key="text", required=True, metadata={"description": "Of their words"})
    place = fields.Float(
        required=True, allow_none=True, metadata={"description": "Of their places, where both tell one"}
    )
    metres = fields.Integer(required=True, allow_none=True, metadata={"description": "Between their points"})
    days = fields.Integer(required=True)
    sent_twice = fields.Boolean(
        required=True, metadata={"description": "The same person's, in the same words, within a day"}
    )


class SuggestedShape(Shape):
    """An agency or a category that is suggested."""

    id = text()
    by = text("What speaks for it", one_of=("words", "category", "past"))
    name = fields.String()


class HitsShape(Shape):
    """Of the latest suggestions by the past, how many were what an officer decided."""

    judged = fields.Integer(required=True)
    first = fields.Integer(required=True, metadata={"description": "The first of them"})
    among = fields.Integer(required=True, metadata={"description": "One of them"})


class SuggestionsShape(Shape):
    """What may help with a dossier; nothing of it is ever done by itself."""

    alike = fields.List(fields.Nested(AlikeShape), required=True)
    agencies = fields.List(fields.Nested(SuggestedShape), required=True)
    categories = fields.List(fields.Nested(SuggestedShape), required=True)
    hits = fields.Dict(keys=fields.String(), values=fields.Nested(HitsShape), required=True)
