"""How a test files and reads: as anybody, as a known sender, as an officer."""

from typing import Any

from services.intake.filing import file, submission
from services.intake.receipts import Receipt
from services.routing import queries
from shared.base.caller import Caller
from shared.domain.complaint.schema import load_submission
from shared.domain.dossier.events import ComplaintFiled
from tests.fixtures.office import CAUSE, Office

T = "cilacap"
IMPORT = {"user": "import"}
COORDINATOR = Caller(T, "coordinator", user="coordinator-1")


def filed(office: Office, caller: dict[str, Any] | None = None, tenant: str = T, **complaint: Any) -> Receipt:
    """File as the service's RPC does.

    :param caller: none for who sends no token.
    """
    loaded = load_submission({"message": "Jalan rusak", **complaint})
    return file(office.runtime, submission(office.runtime, tenant, loaded, CAUSE, caller))


def filing(office: Office, receipt: Receipt) -> ComplaintFiled:
    """The event of a filing."""
    first = office.history(receipt.id)[0]
    assert isinstance(first, ComplaintFiled)
    return first


def seen(office: Office, receipt: Receipt, caller: Caller = COORDINATOR) -> dict[str, Any]:
    """The dossier as an officer sees it."""
    return queries.dossier(office.runtime, caller, caller.tenant, receipt.id)
