"""Passwords, kept as scrypt hashes by werkzeug, which renews its cost parameters as machines get faster.

A hash of before is made anew when its password is next given.

One letter can be typed in several ways, as ``e`` with an accent or as one sign, and keyboards differ in what they send.
So a password is brought into one form (Unicode NFKC, as NIST SP 800-63B section 5.1.1.2 advises) before it is hashed.
"""

import unicodedata
from functools import cache
from typing import Final

from werkzeug.security import check_password_hash, generate_password_hash

from shared.base.blank import says_nothing
from shared.base.errors import Invalid
from shared.wording.codes import field_message

SHORTEST: Final = 10
LONGEST: Final = 200
_FORMS: Final = ("NFC", "NFD", "NFKD")


def check(password: str) -> None:
    """Make sure that a new password is fit to be kept.

    :raises Invalid: if nothing of the password is seen, or it is too short to resist guessing, or absurdly long.
    """
    if not _text(password):
        raise Invalid("invalid_fields", fields={"password": ["invalid"]})
    password = normalised(password)
    if says_nothing(password):
        raise Invalid("invalid_fields", fields={"password": ["required"]})
    if len(password) < SHORTEST:
        raise Invalid("invalid_fields", fields={"password": [field_message("too_short", min=SHORTEST)]})
    if len(password) > LONGEST:
        raise Invalid("invalid_fields", fields={"password": [field_message("too_long", max=LONGEST)]})


def made(password: str) -> str:
    """The hash to keep of a password that is fit, at today's cost."""
    return generate_password_hash(normalised(password))


def outdated(kept: str) -> bool:
    """Whether a hash was made in another way, or at another cost, than hashes are today."""
    return kept.partition("$")[0] != _nobodys().partition("$")[0]


def normalised(password: str) -> str:
    """The one form of all passwords that look the same."""
    return unicodedata.normalize("NFKC", password)


def matches(kept: str | None, password: str) -> bool:
    """Whether a password is the one whose hash was kept; as slow without a hash, so that a name cannot be probed.

    Hashes of before were made of what was typed: the other ways to type the same are tried too, where there are any.

    :param kept: the account's hash; none if there is no such account.
    """
    forms = dict.fromkeys([normalised(password), password, *(unicodedata.normalize(form, password) for form in _FORMS)])
    if not _text(password):
        forms = {"": None}  # what no keyboard sends; nobody has it
    right = any([check_password_hash(kept or _nobodys(), each) for each in forms])  # noqa: C419 - all, at equal cost
    return right and kept is not None


def _text(given: str) -> bool:
    """Whether it can be written in UTF-8: halves of a pair of code units cannot."""
    try:
        given.encode()
    except UnicodeEncodeError:
        return False
    return True


@cache
def _nobodys() -> str:
    return generate_password_hash("the password of nobody")
