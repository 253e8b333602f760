"""The shapes in which procedures are shown."""

from marshmallow import fields

from portal.shape_parts import Page, Shape, text


class _Named(Shape):
    id = text()


class ActorShape(_Named):
    """A role."""

    title = text()


class AgencyShape(_Named):
    """An office."""

    name = text()


class SopActionShape(Shape):
    """A way out of a step."""

    name = text()
    event = text("The type of event that records it")
    to = text("The next step's id, `same` or `end`")
    needs = fields.List(fields.String(), required=True)


class StepShape(_Named):
    """A row of the SOP."""

    printed = text("The number printed in the SOP", none=True)
    actor = text()
    within = text("The time standard, e.g. `15 min`", none=True)
    actions = fields.List(fields.Nested(SopActionShape), required=True)


class SopShape(Shape):
    """A government's procedure, in the version under which complaints are filed now."""

    tenant = text()
    version = fields.Integer(required=True)
    timezone = text()
    channels = fields.List(fields.String(), required=True)
    requires = fields.List(fields.String(), required=True)
    actors = fields.List(fields.Nested(ActorShape), required=True)
    agencies = fields.List(fields.Nested(AgencyShape), required=True)
    steps = fields.List(fields.Nested(StepShape), required=True)


class SopsShape(Page):
    """Every government's procedure."""

    items = fields.List(fields.Nested(SopShape), required=True)
