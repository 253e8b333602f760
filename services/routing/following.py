"""What routing has in what its process applies of the log."""

from services.routing.grouping import ends_a_dossier
from services.routing.projection import InboxProjection
from shared.application.automation import leads_into
from shared.application.dossiers.codec import decode
from shared.application.runtime import Runtime
from shared.domain.dossier.events import DossierEvent
from shared.store.projection.share import Share


def share(runtime: Runtime) -> Share:
    """Its inboxes. It has to dispose where the SOP gives that to the system, and to release the members of a group."""

    def concerns(event: DossierEvent) -> bool:
        return ends_a_dossier(event) or leads_into(runtime, "dispose", event)

    return Share(InboxProjection(), decode, concerns=concerns)
