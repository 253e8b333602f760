"""The shapes of answers about a citizen's own account."""

from marshmallow import fields

from portal.shape_parts import Shape, instant, text


class ChallengeShape(Shape):
    """A code is on its way."""

    challenge = text("To come back with the code")
    expires_in = fields.Integer(required=True, metadata={"description": "Seconds, by the machine's clock"})


class CitizenTokenShape(Shape):
    """A citizen's token, for what is under `citizens/me`."""

    token = text()
    token_type = text(one_of=("Bearer",))
    expires_in = fields.Integer(required=True, metadata={"description": "Seconds without being used"})


class AccountShape(Shape):
    """A citizen's account."""

    contacts = fields.Dict(required=True, metadata={"description": "`phone` and `email`, as far as there are"})
    identity = fields.Dict(required=True, metadata={"description": "`name`, `address`, `identity`, as far as given"})
    created_at = instant()
    verified_at = instant("When a desk compared the identity with its document", none=True)


class DeskNumberShape(Shape):
    """A number to tell at a desk."""

    number = text()
    expires_in = fields.Integer(required=True, metadata={"description": "Seconds"})


class OwnComplaintsShape(Shape):
    """The complaints of one account."""

    items = fields.List(
        fields.Dict(),
        required=True,
        metadata={
            "description": "Each: `ticket`, `tracking_code`, `title`, `status`, `due_at`, `actions`, `linked_at`, and "
            "`code_renewed`: it has another code now, and is told of once it was linked with that"
        },
    )
