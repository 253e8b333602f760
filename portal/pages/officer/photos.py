"""Which photos of a dossier look like photos of other complaints: told beside the photo, and no verdict."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from portal.access import caller
from portal.pages.frame import saying
from portal.pages.frame.page import instant_at
from portal.parts import parts
from shared.base.errors import Unavailable
from shared.domain.tenants import Tenant

_PICTURES = "image/"


def seen_before(tenant: str, view: Mapping[str, Any], home: Tenant, now: datetime) -> dict[str, list[tuple[str, str]]]:
    """For the id of a file the tickets of other complaints with a photo like it, each with office and time in words.

    Nothing for administrators, and nothing where it cannot be had just now: the dossier is there without it.

    :param view: the dossier, as its reader sees it.
    """
    if caller().admin or not any(each["media_type"].startswith(_PICTURES) for each in view["files"]):
        return {}
    try:
        found = parts().gateway.photos_alike(tenant, view["id"], caller())
    except Unavailable:
        return {}
    told: dict[str, list[tuple[str, str]]] = {}
    for each in found["items"]:
        when = saying.brief(instant_at(each["at"], home), now)
        told.setdefault(each["file"], []).append(
            (each["ticket"], ", ".join(filter(None, (each["agency_name"] or home.name, when))))
        )
    return told
