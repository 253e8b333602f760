"""Two complaints of one government that lie with an agency each, and every service's tables told of them."""

from uuid import UUID

from services.intake.projection import TicketProjection
from services.intake.receipts import Receipt
from services.reporting.projection import RecapProjection
from services.routing.projection import InboxProjection
from services.sla.projection import ClockProjection
from shared.application.dossiers.codec import decode
from shared.application.runtime import Runtime
from shared.store.projection.runner import apply_batch
from tests.fixtures.office import Office


class TwoComplaints:
    """One complaint with dpupr, another with dinkes.

    :ivar receipt: of the first.
    :ivar other: of the second.
    """

    agency = "dpupr"
    elsewhere = "dinkes"

    def __init__(self, office: Office, **fields: object) -> None:
        self.office = office
        self.receipt = self._sent(self.agency, **fields)
        self.other = self._sent(self.elsewhere)
        self.project()

    @property
    def runtime(self) -> Runtime:
        """The installation's parts."""
        return self.office.runtime

    @property
    def id(self) -> UUID:
        """The first dossier."""
        return self.receipt.id

    def project(self) -> None:
        """Every table hears of what happened."""
        news = self.office.news()
        for projection in (TicketProjection(), InboxProjection(), ClockProjection(), RecapProjection()):
            apply_batch(self.runtime.database, projection, decode, news)

    def back_to_the_desk(self) -> None:
        """The first agency gives it back: not its matter."""
        self.office.act(self.receipt, "operator", "return", reason="Bukan kewenangan kami")
        self.project()

    def _sent(self, agency: str, **fields: object) -> Receipt:
        receipt = self.office.file("cilacap", **fields)
        self.office.act(receipt, "coordinator", "dispose", agency=agency)
        return receipt
