"""What is left of a person when they are erased, and of those who never complained."""

from channels.forgetting import erased_since, forget
from cli.providers.whatsapp import WhatsAppProvider
from services.intake.erasing import erase
from shared.base.caller import Caller
from shared.domain.dossier.desk import Cause
from tests.channels.by_whatsapp import SITI, files_one
from tests.channels.line import Line
from tests.channels.talking import COMPLAINT

ADMIN = Caller("*", "admin", user="admin", admin=True)
OF_PERSONS = ("ids", "talks", "outgoing", "media", "dossiers")


def left(line: Line) -> dict[str, int]:
    """How many rows are left of persons."""
    tables = {name: f"channels.{name}" for name in OF_PERSONS} | {"reach": "notify.reach", "said": "notify.talks"}
    return {name: line.rows(f"SELECT count(*) FROM {table}")[0][0] for name, table in tables.items()}


def test_with_the_last_complaint_the_person_is_forgotten(cilacap: Line, whatsapp: WhatsAppProvider) -> None:
    """Erasing a reporter's only complaint leaves no id, no address, no text and no key of theirs."""
    files_one(cilacap, whatsapp)
    [dossier] = cilacap.dossiers()
    ticket = cilacap.runtime.dossiers("intake").load(dossier).ticket
    [(person,)] = cilacap.rows("SELECT person FROM channels.dossiers")
    assert 0 == forget(cilacap.house)
    erase(cilacap.runtime, ADMIN, "cilacap", ticket, "asked", Cause(correlation_id="test"))
    assert 1 == forget(cilacap.house)
    assert dict.fromkeys([*OF_PERSONS, "reach", "said"], 0) == left(cilacap)
    assert [] == cilacap.rows("SELECT 1 FROM channels.heard WHERE sealed IS NOT NULL")
    assert cilacap.runtime.vault.keys(None, [person])[person] is None
    # And whoever writes by that number afterwards is somebody new.
    whatsapp.deliver(whatsapp.text(SITI, COMPLAINT))
    cilacap.works()
    assert 2 == left(cilacap)["ids"]


def test_an_erased_complaint_is_let_go_of_at_once(cilacap: Line, whatsapp: WhatsAppProvider) -> None:
    """Of two complaints one is erased: the messages of which it was made go with it, those of the other stay."""
    for text in (COMPLAINT, "Sampah menumpuk di pasar Kroya sejak Senin"):
        files_one(cilacap, whatsapp, text=text)
    first, second = cilacap.dossiers()
    seen = erased_since(cilacap.house, 0)
    kept = cilacap.rows("SELECT count(*) FROM channels.heard WHERE sealed IS NOT NULL")[0][0]
    ticket = cilacap.runtime.dossiers("intake").load(first).ticket
    erase(cilacap.runtime, ADMIN, "cilacap", ticket, "asked", Cause(correlation_id="test"))
    assert seen < erased_since(cilacap.house, seen)
    assert [(second,)] == cilacap.rows("SELECT dossier FROM channels.dossiers")
    assert kept - 1 == cilacap.rows("SELECT count(*) FROM channels.heard WHERE sealed IS NOT NULL")[0][0]
    ticket = cilacap.runtime.dossiers("intake").load(second).ticket
    erase(cilacap.runtime, ADMIN, "cilacap", ticket, "asked", Cause(correlation_id="test"))
    erased_since(cilacap.house, seen)
    assert dict.fromkeys([*OF_PERSONS, "reach", "said"], 0) == left(cilacap)


def test_who_never_complained_is_forgotten_after_thirty_days(cilacap: Line, whatsapp: WhatsAppProvider) -> None:
    """A draft that was dropped goes after thirty days, and its person with it; not before."""
    whatsapp.deliver(whatsapp.text(SITI, COMPLAINT))
    cilacap.works()
    cilacap.later(hours=25)
    cilacap.works()
    assert 0 == forget(cilacap.house)
    cilacap.rows("UPDATE channels.heard SET received_at = received_at - interval '31 days'")
    assert 1 == forget(cilacap.house)
    assert 0 == left(cilacap)["ids"]


def test_a_message_stays_known_as_long_as_it_may_be_repeated(cilacap: Line, whatsapp: WhatsAppProvider) -> None:
    """A provider that repeats a message after its person was erased files nothing anew."""
    message = whatsapp.text(SITI, COMPLAINT, id_="wamid.same")
    whatsapp.deliver(message)
    cilacap.works()
    cilacap.later(hours=25)
    cilacap.works()
    cilacap.rows("UPDATE channels.heard SET received_at = received_at - interval '31 days'")
    forget(cilacap.house)
    whatsapp.deliver(message)
    cilacap.works()
    assert [("gone",)] == cilacap.rows("SELECT state FROM channels.heard")
