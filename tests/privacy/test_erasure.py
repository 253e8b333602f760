"""What was erased cannot be read any more by anybody, and everything else stays as it was."""

from typing import Any

import psycopg2.errors
import pytest

from services.intake import reporter
from services.intake.erasing import erase
from services.intake.receipts import Receipt
from services.notify import planning, sending
from services.notify.forgetting import forget
from services.notify.outbox import Outbox
from services.reporting.projection import RecapProjection
from services.routing import commands, queries
from services.routing.projection import InboxProjection
from shared.application.dossiers.codec import decode
from shared.application.dossiers.retrying import on_fresh_state
from shared.base.caller import Caller
from shared.base.errors import Conflict, Forbidden, NotFound
from shared.domain.dossier.clocks import CANCELLED, SATISFIED
from shared.domain.dossier.events import Erased
from shared.store.eventstore.audit import verify
from shared.store.projection.runner import apply_batch
from tests.fixtures.office import CAUSE, Office
from tests.fixtures.postgres import execute
from tests.sop.paths import legal_path

T = "cilacap"
ADMIN = Caller("*", "admin", user="cli", admin=True)
COORDINATOR = Caller(T, "coordinator", user="coordinator-1")
WORDS = ("Siti Rahayuningsih", "RT 07 Cikondang", "Lubang sedalam lutut", "Sudah kami tambal")


def _filed(office: Office, **more: Any) -> Receipt:
    reporter = {"name": WORDS[0], "address": WORDS[1], "phone": "0812", "email": "siti@warga.example"}
    return office.file(T, reporter=reporter, message=WORDS[2], title="", **more)


def _answered(office: Office, **more: Any) -> Receipt:
    receipt = _filed(office, **more)
    office.act(receipt, "coordinator", "dispose", agency="dpupr")
    for actor, action in (("operator", "forward"), ("liaison", "forward")):
        office.act(receipt, actor, action)
    office.act(receipt, "head", "forward", response="Segera ditambal")
    office.act(receipt, "liaison", "forward")
    office.act(receipt, "operator", "answer", text=WORDS[3])
    return receipt


def _erase(office: Office, receipt: Receipt, caller: Caller = ADMIN) -> None:
    erase(office.runtime, caller, T, receipt.ticket, "asked", CAUSE)


def _seen(office: Office, receipt: Receipt, caller: Caller = COORDINATOR) -> dict[str, Any]:
    return queries.dossier(office.runtime, caller, T, receipt.id)


def _inbox(office: Office) -> list[dict[str, Any]]:
    office.seen = 0  # whoever else has asked for news
    apply_batch(office.runtime.database, InboxProjection(), decode, office.news())
    items: list[dict[str, Any]] = queries.inbox(office.runtime, COORDINATOR, T)["items"]
    return items


def test_nothing_can_be_read_any_more(office: Office) -> None:
    """The dossier still tells what happened when, and nobody's words."""
    receipt = _answered(office)
    before = _seen(office, receipt)
    _erase(office, receipt)
    after = _seen(office, receipt)

    assert all(word in str(before) for word in WORDS)
    assert not any(word in str(after) for word in WORDS)
    assert [*(entry["event"] for entry in before["timeline"]), "Erased"] == [e["event"] for e in after["timeline"]]


def test_the_log_stays_whole(office: Office) -> None:
    """No event was changed or removed; one was added."""
    receipt = _answered(office)
    before = office.history(receipt.id)
    _erase(office, receipt)
    after = office.history(receipt.id)

    assert verify(office.runtime.database).intact
    assert before == after[:-1]
    assert isinstance(after[-1], Erased)
    assert ("asked", "admin", "cli") == (after[-1].reason, after[-1].actor, after[-1].user)
    assert () == legal_path(office.sop_of(office.load(receipt.id)), after)


def test_whoever_cannot_be_read_needs_no_answer(office: Office) -> None:
    """An open dossier ends: its clocks stop, nobody has it in the inbox, and nothing is ever due of it."""
    receipt = _filed(office)
    assert [receipt.ticket] == [item["ticket"] for item in _inbox(office)]
    _erase(office, receipt)
    office.project()
    dossier = office.load(receipt.id)
    office.later(days=100)

    assert ("withdrawn", None, True) == (dossier.status, dossier.step, dossier.erased)
    assert {CANCELLED} == {clock.state for clock in dossier.clocks}
    assert [] == _inbox(office)
    assert 0 == office.tick()


def test_what_was_answered_stays_answered(office: Office) -> None:
    """The recap still counts it: erased or not, the work was done in its time."""
    receipt = _answered(office)
    _erase(office, receipt)
    apply_batch(office.runtime.database, RecapProjection(), decode, office.news())

    assert "closed" == office.load(receipt.id).status
    assert SATISFIED in {clock.state for clock in office.load(receipt.id).clocks}
    assert [(True, True)] == office.rows("SELECT answered_at IS NOT NULL, case_met FROM reporting.cases")


def test_the_tracking_code_opens_nothing(office: Office) -> None:
    """It answers as if there had never been such a ticket; so does every action of the reporter's."""
    receipt = _answered(office)
    _erase(office, receipt)

    with pytest.raises(NotFound, match="unknown_ticket"):
        reporter.track(office.runtime, T, receipt.ticket, receipt.tracking_code)
    with pytest.raises(NotFound, match="unknown_ticket"):
        reporter.track(office.runtime, T, receipt.ticket, "")
    with pytest.raises(NotFound, match="unknown_ticket"):
        office.say(receipt, "rate", score=5)


def test_only_an_administrator_of_the_installation_may(office: Office) -> None:
    """Not the county's own coordinator, and not the reporter by themselves."""
    receipt = _filed(office)
    for caller in (COORDINATOR, Caller(T, "reporter"), Caller.system(T, "intake")):
        with pytest.raises(Forbidden, match="admin_needed"):
            _erase(office, receipt, caller)

    assert 1 == len(office.history(receipt.id))
    assert WORDS[0] in str(_seen(office, receipt))


def test_what_does_not_exist_or_was_erased_is_told(office: Office) -> None:
    """A ticket that is mistyped, of another government, or erased before."""
    receipt = _filed(office)
    with pytest.raises(NotFound, match="unknown_ticket"):
        erase(office.runtime, ADMIN, T, "CLP-2026-999999", "asked", CAUSE)
    with pytest.raises(NotFound, match="unknown_ticket"):
        erase(office.runtime, ADMIN, "bantul", receipt.ticket, "asked", CAUSE)
    _erase(office, receipt)
    with pytest.raises(Conflict, match="erased"):
        _erase(office, receipt)

    assert 2 == len(office.history(receipt.id))


def test_who_acts_meanwhile_hears_of_it(office: Office) -> None:
    """An officer's action that was prepared before is refused, and never sealed with a key that is gone."""
    receipt = _filed(office)
    prepared = office.runtime.dossiers("routing").open(receipt.id)
    _erase(office, receipt)

    with pytest.raises(Conflict):
        on_fresh_state(
            lambda: commands.act(office.runtime, COORDINATOR, T, receipt.id, "dispose", {"agency": "dpupr"}, CAUSE)
        )
    assert 1 == prepared[0].version
    assert 2 == len(office.history(receipt.id))


def test_erased_wholly_or_not_at_all(office: Office, database_url: str) -> None:
    """If the key cannot be destroyed, nothing says that it was."""
    receipt = _filed(office)
    execute(database_url, "REVOKE DELETE ON vault.keys FROM aduan_app")
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        _erase(office, receipt)

    assert 1 == len(office.history(receipt.id))
    assert WORDS[2] in str(_seen(office, receipt))


def test_a_repeated_submission_is_not_filed_anew(office: Office) -> None:
    """A channel that delivers an old message once more brings nobody back."""
    receipt = _filed(office, channel="whatsapp", external_id="wa-1")
    _erase(office, receipt)
    again = _filed(office, channel="whatsapp", external_id="wa-1")

    assert (receipt.id, receipt.ticket, "", False) == (again.id, again.ticket, again.tracking_code, again.created)


def test_a_key_that_is_gone_leaves_no_title(office: Office) -> None:
    """Whatever became of the key, the inbox shows the task without words, and everything else works."""
    receipt, other = _filed(office), _filed(office)
    titles = {item["title"] for item in _inbox(office)}
    office.runtime.vault.destroy(receipt.id)
    after = {item["ticket"]: item["title"] for item in _inbox(office)}

    assert {WORDS[2]} == titles
    assert {receipt.ticket: "", other.ticket: WORDS[2]} == after
    with pytest.raises(Conflict, match="erased"):
        office.act(receipt, "coordinator", "dispose", agency="dpupr")


def test_letters_that_wait_are_dropped_with_their_reason(office: Office, tmp_path: Any) -> None:
    """What can no longer be worded is not sent, and the messages say why."""
    receipt = _filed(office)
    planning.apply(office.runtime, office.news())
    _erase(office, receipt)
    outbox = Outbox(tmp_path)
    while sending.tick(office.runtime, outbox):
        pass

    assert [] == outbox.letters()
    assert {("dropped", "erased")} == set(office.rows("SELECT outcome, reason FROM notify.messages"))


def test_letters_in_the_outbox_are_removed(office: Office, tmp_path: Any) -> None:
    """They hold what was erased; those of others stay."""
    receipt, other = _filed(office), _filed(office)
    outbox = Outbox(tmp_path)
    planning.apply(office.runtime, office.news())
    while sending.tick(office.runtime, outbox):
        pass
    before = len(outbox.letters())
    _erase(office, receipt)
    forget(office.runtime, office.news(), outbox)

    assert 2 <= before
    assert outbox.letters()
    assert [] == [letter for letter in outbox.letters() if receipt.ticket in letter.path.name]
    assert all(other.ticket in letter.path.name for letter in outbox.letters())
