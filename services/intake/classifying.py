"""Classification by keyword, where the SOP gives it to the system."""

from uuid import UUID

from services.intake.filing import SERVICE
from shared.application.runtime import Runtime
from shared.base.caller import Caller
from shared.domain.dossier.contents import complaint_of
from shared.domain.dossier.desk import Cause
from shared.domain.sop import engine
from shared.domain.sop.classifying import classify


def classify_dossier(runtime: Runtime, dossier_id: UUID, tenant_id: str, cause: Cause) -> None:
    """Give a dossier its class and category by the SOP's keywords, if it still waits for that."""
    dossier, events = runtime.dossiers(SERVICE).open(dossier_id, tenant_id)
    sop = runtime.tenants.get(tenant_id).sops[dossier.sop_version]
    step = sop.step(dossier.step) if dossier.step else None
    if step is None or step.automatic != "classify":
        return
    complaint = complaint_of(events, runtime.vault.keys(None, [dossier_id])[dossier_id])
    found = classify(sop, f"{complaint.get('title', '')}\n{complaint.get('message', '')}")
    action = engine.automatic_action(step)
    if action is None:
        return
    own = {
        "classification": dossier.classification or found.classification,
        "category": dossier.category or found.category,
        "by": "keyword",
    }
    event = runtime.desk(tenant_id).act(dossier, action, Caller.system(tenant_id, SERVICE), cause, own)
    runtime.dossiers(SERVICE).append([event])
