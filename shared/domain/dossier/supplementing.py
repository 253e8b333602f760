"""Completing a complaint: what its reporter adds, by themselves or as an officer was told, laid into the event."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from shared.base.errors import Invalid
from shared.domain.complaint.privacy import PRIVACIES
from shared.domain.complaint.schema import load_supplement
from shared.domain.complaint.sheet import FilingSheet, sheet_of
from shared.domain.dossier.contents import complaint_of, merged, place_after, whole_of
from shared.domain.dossier.dossier import Dossier
from shared.domain.dossier.events import DossierEvent
from shared.domain.sealing import DataKey
from shared.domain.sop import engine
from shared.domain.sop.vocabulary import Via
from shared.domain.tenants import Tenant
from shared.wording.codes import field_message


def supplemented(
    tenant: Tenant,
    now: datetime,
    dossier: Dossier,
    events: Sequence[DossierEvent],
    key: DataKey,
    fields: Mapping[str, Any],
    via: Via | None = None,
) -> dict[str, Any]:
    """What a ``Supplemented`` event itself says.

    :param fields: any of the complaint's, as they were sent.
    :param via: how it was told to the officer who records it; none where the reporter did it.
    :raises Invalid: naming a field that cannot be used, or asks for less privacy than before.
    """
    given = load_supplement(fields)
    sheet = sheet_of(given, tenant.entries, now)
    _check(dossier, given, sheet)
    privacy = given.get("privacy")
    place, _ = place_after(complaint_of(events, key), sheet.given)
    before = {"kecamatan": dossier.kecamatan, "desa": dossier.desa}
    known = {"category": dossier.category, "classification": dossier.classification}
    whole = merged(known, whole_of(events, key, sheet.given))
    if dossier.files and not whole.get("attachments"):
        whole["attachments"] = ["files"]
    return {
        **sheet.clear,
        "privacy": privacy if privacy != dossier.privacy else None,
        "cleared": tuple(name for name, value in before.items() if value and not place.get(name)),
        "missing": engine.missing(tenant.sop_of(dossier.sop_version), whole),
        "via": via,
        "sealed": key.seal(sheet.private, "Supplemented") if sheet.private else None,
    }


def _check(dossier: Dossier, given: Mapping[str, Any], sheet: FilingSheet) -> None:
    faults = {}
    if "occurred_at" in given and "occurred_at" not in sheet.private:
        faults["occurred_at"] = ["in_the_future"]
    least = PRIVACIES.index(dossier.privacy)
    if "privacy" in given and PRIVACIES.index(given["privacy"]) < least:
        choices = ", ".join(PRIVACIES[least:])
        faults["privacy"] = [field_message("less_privacy", now=dossier.privacy, choices=choices)]
    if faults:
        raise Invalid("invalid_fields", fields=faults)
