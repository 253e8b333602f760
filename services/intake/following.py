"""What intake has in what its process applies of the log."""

from functools import partial

from services.intake.projection import TicketProjection
from shared.application.automation import leads_into
from shared.application.dossiers.codec import decode
from shared.application.runtime import Runtime
from shared.store.projection.share import Share


def share(runtime: Runtime) -> Share:
    """Its tickets. It has to classify where the SOP gives that to the system."""
    return Share(TicketProjection(), decode, concerns=partial(leads_into, runtime, "classify"))
