"""The names that people read, beside the ids that figures are kept under."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from services.reporting.medians import OTHER
from shared.application.runtime import Runtime
from shared.domain.dossier.complaint_view import title_of
from shared.domain.dossier.contents import CALLING, called
from shared.domain.tenants import Tenant

SERVICE: Final = "reporting"


def titles_of(runtime: Runtime, dossiers: Sequence[UUID]) -> dict[UUID, str]:
    """What complaints are called by those who may read them."""
    if not dossiers:
        return {}
    histories = runtime.dossiers(SERVICE).open_all(dossiers, CALLING)
    keys = runtime.vault.keys(None, dossiers)
    return {each: title_of(called(histories[each], keys.get(each))) for each in dossiers}


def titled(tenant: Tenant, part: dict[str, Any]) -> dict[str, Any]:
    """A part of a recap, each of its rows with the names of what it is about; steps in the order of the SOP."""
    order = [step.id for step in tenant.sop.steps]
    if "steps" in part:
        part = {**part, "steps": sorted(part["steps"], key=lambda row: _place(order, row["step"]))}
    return {
        name: [_named(tenant, name, row) for row in rows] if isinstance(rows, list) else rows
        for name, rows in part.items()
    }


def listed(tenant: Tenant, row: dict[str, Any]) -> dict[str, Any]:
    """A complaint's row with its names as the government's lists spell them, and its agency's name.

    What is no entry of a list may be anybody's words: an event of an older version holds them in clear.
    """
    entries = tenant.entries
    spellings = {"category": entries.category, "kecamatan": entries.kecamatan, "desa": entries.desa}
    names = {name: spell(row[name]) or OTHER for name, spell in spellings.items() if row.get(name)}
    return {**row, **names, "agency_name": tenant.agency_name(row["agency"])}


def _named(tenant: Tenant, part: str, row: dict[str, Any]) -> dict[str, Any]:
    names: dict[str, Any] = {}
    if part == "by_agency":
        names["name"] = tenant.agency_name(row["id"])
    elif part == "by_channel":
        names["name"] = next((each.title for each in tenant.sop.channels if each.id == row["id"]), row["id"])
    if "actor" in row:
        sop = tenant.sop
        names["title"] = sop.actor(row["actor"]).title if sop.has_actor(row["actor"]) else row["actor"]
        names["agency_name"] = tenant.agency_name(row["agency"])
    if "step" in row:
        known = tenant.sop.has_step(row["step"])
        names["printed"] = tenant.sop.step(row["step"]).printed if known else None
        names["title"] = tenant.sop.step(row["step"]).activity if known else row["step"]
    return {**row, **names}


def _place(order: list[str], step: str) -> tuple[int, str]:
    return (order.index(step) if step in order else len(order), step)
