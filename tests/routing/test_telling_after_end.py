"""A complaint has ended, and its reporter cannot be written to: who tells them by telephone can say so."""

from uuid import uuid4

import pytest

from services.intake.receipts import Receipt
from services.notify.commands import follow_up
from services.notify.ledger import FAILED, Message, Outcome
from services.notify.rules import THE_REPORTER
from shared.base.errors import Conflict
from shared.domain.dossier.events import NoticeDelivered
from shared.domain.dossier.telling_desk import NO_WAY
from tests.fixtures.office import START, Office

TENANTS = ("cilacap", "bantul", "majalengka", "trenggalek", "cirebon")
each = pytest.mark.parametrize("tenant", TENANTS)


def rejected_untold(office: Office, tenant: str) -> tuple[Receipt, int]:
    """A complaint that was rejected, which its reporter could not be told; and the version of that."""
    receipt = office.file(tenant)
    office.run_system(receipt)
    office.act(receipt, "coordinator", "reject", why="spam", reason="Iklan")
    version = office.load(receipt.id).version
    message = Message(
        dossier=receipt.id,
        version=version,
        recipient=THE_REPORTER,
        template="rejected",
        tenant=tenant,
        attempts=1,
        outcome=None,
        way=None,
        reason=None,
        queued_at=START,
        lease=uuid4(),
    )
    follow_up(office.runtime, message, Outcome(FAILED, None, NO_WAY))
    return receipt, version


@each
def test_who_tells_of_an_end_can_record_it(office: Office, tenant: str) -> None:
    """The task is done by the deed that it asks for, whatever has ended."""
    receipt, version = rejected_untold(office, tenant)
    assert (version,) == office.load(receipt.id).reaching.failed
    office.act(receipt, "coordinator", "deliver", way="telephone", note="Dibacakan", of=version)
    last = office.history(receipt.id)[-1]
    assert isinstance(last, NoticeDelivered)
    assert (version, "telephone", "rejected") == (last.notice, last.by, last.status)
    assert () == office.load(receipt.id).reaching.failed
    with pytest.raises(Conflict, match="told_before"):
        office.act(receipt, "coordinator", "deliver", way="telephone", of=version)


@each
def test_a_new_code_is_handed_over_after_an_end(office: Office, tenant: str) -> None:
    """Who was told that it has ended can still be given the means to read why."""
    receipt, _ = rejected_untold(office, tenant)
    office.act(receipt, "coordinator", "renew_code", via="telephone")
    assert "CodeRenewed" == office.types(receipt.id)[-1]
