"""Passwords, kept as scrypt hashes by werkzeug, which renews its cost parameters as machines get faster."""

from functools import cache
from typing import Final

from werkzeug.security import check_password_hash, generate_password_hash

from shared.base.errors import Invalid
from shared.wording.codes import field_message

SHORTEST: Final = 10
LONGEST: Final = 200


def hashed(password: str) -> str:
    """The hash to keep.

    :raises Invalid: if the password is too short to resist guessing, or absurdly long.
    """
    if len(password) < SHORTEST:
        raise Invalid("invalid_fields", fields={"password": [field_message("too_short", min=SHORTEST)]})
    if len(password) > LONGEST:
        raise Invalid("invalid_fields", fields={"password": [field_message("too_long", max=LONGEST)]})
    return generate_password_hash(password)


def matches(kept: str | None, password: str) -> bool:
    """Whether a password is the one whose hash was kept; as slow without a hash, so that a name cannot be probed.

    :param kept: the account's hash; none if there is no such account.
    """
    right = check_password_hash(kept or _nobodys(), password)
    return right and kept is not None


@cache
def _nobodys() -> str:
    return generate_password_hash("the password of nobody")
