"""What a citizen's browser holds, sealed: the receipt of what was just filed, and which complaint is open.

The tracking code stands in no address and in no cookie that anybody else can read: only this installation opens it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any, Final

from flask import Response

from portal.pages.frame.cookies import SealedCookie

RECEIPT: Final = SealedCookie("__Host-terima", timedelta(minutes=30))
OPENED: Final = SealedCookie("__Host-lacak", timedelta(minutes=30))

_MOST_NAMES: Final = 3
_LONGEST_NAME: Final = 60
"""So much of the names of photos has room in a cookie, of which browsers take 4,096 bytes."""


@dataclass(frozen=True)
class OpenedByCode:
    """A complaint that was opened with its code."""

    ticket: str
    code: str


def keep_receipt(response: Response, tenant: str, receipt: Mapping[str, Any], missing: Sequence[str], key: str) -> None:
    """Keep what the receipt's page shows.

    :param missing: the names of the photos that could not be added.
    :param key: of the form that was sent.
    """
    said = {"tenant": tenant, "ticket": receipt["ticket"], "code": receipt["tracking_code"], "not_kept": len(missing)}
    names = [each[:_LONGEST_NAME] for each in missing[:_MOST_NAMES]]
    RECEIPT.write(response, {**said, "missing": names, "key": _marked(key)})


def filed_with(tenant: str, key: str) -> bool:
    """Whether the receipt that this browser holds is of the form with that key."""
    said = RECEIPT.read()
    return said is not None and (said["tenant"], said.get("key")) == (tenant, _marked(key))


def _marked(key: str) -> str:
    """A key as it is kept: of one length, however long a form says it is."""
    return sha256(key.encode("utf-8", "replace")).hexdigest()[:16]


def open_for(response: Response, tenant: str, ticket: str, code: str) -> None:
    """Let this browser follow a complaint, for half an hour after it last looked."""
    OPENED.write(response, {"tenant": tenant, "ticket": ticket, "code": code})


def forget(response: Response) -> None:
    """Let this browser forget all of it: whoever takes the telephone next opens nothing."""
    OPENED.forget(response)
    RECEIPT.forget(response)


def opened(tenant: str, ticket: str) -> OpenedByCode | None:
    """The complaint in an address, if this browser has opened it."""
    said = OPENED.read()
    if said is None or (said["tenant"], said["ticket"]) != (tenant, ticket):
        return None
    return OpenedByCode(ticket, said["code"])
