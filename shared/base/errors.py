"""The errors that a caller is meant to see, whatever door they came through.

Each carries a stable ``code`` (the wording catalogue turns it into a sentence in the caller's language), the
parameters of that sentence, and the fields at fault. Everything in them is JSON, since they travel over RPC; nothing
in them is personal data.
"""

from collections.abc import Mapping, Sequence
from typing import ClassVar


class AduanError(Exception):
    """Base of all expected errors.

    :param code: stable name of what went wrong, e.g. ``wrong_agency``.
    :param params: values for the sentence of that code.
    :param fields: messages by the field at fault, dotted for nested fields (``reporter.name``).
    """

    status: ClassVar[int] = 500

    def __init__(
        self,
        code: str,
        params: Mapping[str, object] | None = None,
        fields: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self.code = code
        self.params = dict(params or {})
        self.fields = {name: list(messages) for name, messages in (fields or {}).items()}
        super().__init__(code, self.params, self.fields)

    def __str__(self) -> str:
        where = f" ({', '.join(sorted(self.fields))})" if self.fields else ""
        return f"{self.code}{where}"


class Invalid(AduanError):
    """The request does not say what is needed: a field is missing or of the wrong kind."""

    status = 422


class NotFound(AduanError):
    """There is no such thing, or the caller may not know that there is."""

    status = 404


class Forbidden(AduanError):
    """The caller is known and may not do this: another actor's, agency's or tenant's."""

    status = 403


class Conflict(AduanError):
    """The dossier is not in a state that allows this, or has moved on since the caller looked."""

    status = 409


class Unavailable(AduanError):
    """A part that is needed does not answer now; the same request may succeed later."""

    status = 503


class Unworkable(AduanError):
    """What one government has laid down cannot be worked with until its administrator has mended it.

    Not :class:`Unavailable`, for which everybody waits: whoever has work of several governments in hand leaves this
    one's aside, and goes on with the others'.
    """

    status = 503


class UnknownEventType(Exception):
    """An event whose type this version of the code does not know.

    Met live it is passed over and counted, so that a newer service may append before the others are upgraded; a
    rebuild stops at it, since its tables would lack what the event says.

    :param event_type: the stable name found in the log.
    """

    def __init__(self, event_type: str) -> None:
        self.event_type = event_type
        super().__init__(f"this version of the code knows no event type {event_type}")
