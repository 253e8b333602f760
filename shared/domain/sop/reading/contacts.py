"""How contacts are written in ``agencies.yaml``: an address or a number alone, or a few of them with names."""

import re
from typing import Any, Final

from marshmallow import Schema, ValidationError, fields, post_load, validate

from shared.domain.contacts import Contact, DeskContacts, Group, Unit
from shared.domain.sop.reading.schema import Name, WordField, many

ADDRESS: Final = validate.Email(error="{input!r} is no e-mail address")
REMEDY: Final = {
    "remedy": "write an address such as dinas@kabupaten.example, a number, or {name: ..., email: ..., phone: ...}"
}
_NUMBER: Final = re.compile(r"\+?[0-9][0-9 ().-]{5,20}\Z")
_PARTS: Final = frozenset({"name", "email", "phone"})


class Reachable(fields.Field[tuple[Contact, ...]]):
    """One contact or a list of them."""

    def __init__(self, **options: Any) -> None:
        super().__init__(metadata=REMEDY, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_options: Any) -> tuple[Contact, ...]:  # noqa: ARG002
        given = value if isinstance(value, list) else [value]
        if not given:
            raise ValidationError("nobody is named here")
        return tuple(contact_of(each) for each in given)


class DeskField(fields.Field[DeskContacts]):
    """Contacts of an actor of the government's own; in the long form with the office that it belongs to."""

    def __init__(self, **options: Any) -> None:
        super().__init__(metadata=REMEDY, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_options: Any) -> DeskContacts:  # noqa: ARG002
        if isinstance(value, dict) and "office" in value:
            rest = {name: each for name, each in value.items() if name != "office"}
            people = rest.pop("people", None) if set(rest) == {"people"} else rest
            return DeskContacts(Reachable().deserialize(people), " ".join(str(value["office"]).split()))
        return DeskContacts(Reachable().deserialize(value))


class UnitSchema(Schema):
    """See :class:`shared.domain.contacts.Unit`."""

    id = Name(required=True)
    name = WordField(required=True)
    head = Reachable(load_default=())

    @post_load
    def build(self, data: dict[str, Any], **_options: Any) -> Unit:
        """The unit."""
        return Unit(**data)


class GroupSchema(Schema):
    """See :class:`shared.domain.contacts.Group`."""

    id = Name(required=True)
    name = WordField(required=True)
    categories = fields.List(WordField(), required=True)
    agencies = many(Name())
    people = Reachable(load_default=())

    @post_load
    def build(self, data: dict[str, Any], **_options: Any) -> Group:
        """The group."""
        return Group(**{**data, "categories": tuple(data["categories"]), "agencies": tuple(data["agencies"])})


def contact_of(given: object) -> Contact:
    """One contact: an address or a number alone, or a mapping of both with a name.

    :raises ValidationError: if it is none.
    """
    if isinstance(given, dict):
        if unknown := sorted(str(name) for name in set(given) - _PARTS):
            raise ValidationError(f"a contact has no {', '.join(unknown)}")
        email, phone = given.get("email"), given.get("phone")
        if email is None and phone is None:
            raise ValidationError("neither an address nor a number is given")
        name = given.get("name")
        return Contact(
            _email(email) if email is not None else None,
            _phone(phone) if phone is not None else None,
            str(name) if name else None,
        )
    if isinstance(given, str) and "@" in given:
        return Contact(email=_email(given))
    return Contact(phone=_phone(given))


def _email(given: object) -> str:
    ADDRESS(str(given))
    return str(given)


def _phone(given: object) -> str:
    text = " ".join(str(given).split())
    if isinstance(given, bool) or not _NUMBER.match(text):
        raise ValidationError(f"{given!r} is neither an e-mail address nor a telephone number")
    return text
