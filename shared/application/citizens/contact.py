"""How a citizen is reached, and known by: a telephone number or a mail address, in the one form that is compared."""

from dataclasses import dataclass
from typing import Final, Literal

from marshmallow import ValidationError, validate

from shared.base.blank import trimmed
from shared.base.errors import Invalid
from shared.domain.telephone import telephone

Kind = Literal["phone", "email"]
KINDS: Final[tuple[Kind, ...]] = ("phone", "email")
_LONGEST: Final = 254


@dataclass(frozen=True)
class CitizensContact:
    """One way to a citizen.

    :param value: in E.164, or an address in small letters.
    """

    kind: Kind
    value: str


def contact_of(phone: str | None, email: str | None) -> CitizensContact:
    """The contact that somebody gives.

    :raises Invalid: none or both were given, or what was given is no number or address.
    """
    given: list[tuple[Kind, str]] = []
    if phone and trimmed(phone):
        given.append(("phone", trimmed(phone)))
    if email and trimmed(email):
        given.append(("email", trimmed(email)))
    if len(given) != 1:
        code = "one_of_phone_and_email"
        raise Invalid("invalid_fields", fields={"phone": [code], "email": [code]} if given else {"phone": [code]})
    [(kind, text)] = given
    value = telephone(text) if kind == "phone" else _address(text)
    if value is None and kind == "phone":
        raise Invalid("invalid_fields", fields={"phone": ["not_a_phone"]})
    if value is None:
        raise Invalid("invalid_fields", fields={"email": ["not_an_address"]})
    return CitizensContact(kind, value)


def _address(text: str) -> str | None:
    try:
        validate.Email()(text)
    except ValidationError:
        return None
    return text.casefold() if len(text) <= _LONGEST and "\n" not in text else None
