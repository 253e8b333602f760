"""What citizens' accounts are told, as schemas."""

from typing import Final

from shared.domain.complaint.schema import MOST_TEXT
from shared.wording.coded_schema import CodedSchema, Text, Written

_NAME: Final = 200


class CodeAsked(CodedSchema):
    """Where a code is to be brought: one of them."""

    phone = Text(most=_NAME, metadata={"description": "A telephone number, however it is written"})
    email = Text(most=_NAME, metadata={"format": "email"})


class CodeGiven(CodedSchema):
    """A code that was brought."""

    challenge = Text(most=_NAME, required=True)
    code = Text(most=_NAME, required=True)


class IdentityGiven(CodedSchema):
    """Who somebody is."""

    name = Written(most=_NAME)
    address = Written(most=MOST_TEXT, lines=True)
    identity = Written(most=_NAME, metadata={"description": "Number of an identity document"})


class LinkGiven(CodedSchema):
    """A complaint that was filed without the account."""

    ticket = Text(most=_NAME, required=True)
    code = Text(most=_NAME, required=True)
