"""Classification by the complaint's words, where the SOP gives it to the system."""

from uuid import UUID

from services.intake.booking import SERVICE
from shared.application.runtime import Runtime
from shared.base.caller import Caller
from shared.domain.classifying.classify import classify
from shared.domain.dossier.contents import complaint_of
from shared.domain.dossier.desk import Cause
from shared.domain.sop import engine

GIVEN = "decided:given"
"""The reason where the reporter chose the category."""


def classify_dossier(runtime: Runtime, dossier_id: UUID, tenant_id: str, cause: Cause) -> None:
    """Give a dossier its class and category by the SOP's words, if it still waits for that.

    What the reporter chose stays, in the spelling of the tenant's own lists.
    """
    dossier, events = runtime.dossiers(SERVICE).open(dossier_id, tenant_id)
    tenant = runtime.tenants.get(tenant_id)
    sop = tenant.sop_of(dossier.sop_version)
    step = sop.step(dossier.step) if dossier.step else None
    if step is None or step.automatic != "classify":
        return
    complaint = complaint_of(events, runtime.vault.key_of(dossier_id))
    found = classify(sop.classification, f"{complaint.get('title') or ''}\n{complaint.get('message') or ''}")
    action = engine.automatic_action(step)
    if action is None:
        return
    given = tenant.entries.category(dossier.category)
    own = {
        "classification": dossier.classification or found.classification,
        "category": given or found.category,
        "by": "keyword",
        "reasons": (GIVEN,) if given else found.reasons,
    }
    event = runtime.desk(tenant_id).act(dossier, action, Caller.system(tenant_id, SERVICE), cause, own)
    runtime.dossiers(SERVICE).append([event])
