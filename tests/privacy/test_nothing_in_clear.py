"""Nothing personal lies anywhere in clear: not in a table, not in a message, not in a log, not in an answer."""

import json

import pytest

from shared.base.services import SERVICES
from shared.domain.all_tenants import Tenants
from shared.domain.dossier.arranged import ARRANGED
from shared.domain.dossier.beside import BESIDE
from shared.domain.dossier.events import EVENT_TYPES
from shared.platform.settings import PROJECT
from tests.fixtures.waiting import patience
from tests.privacy.finding import holds
from tests.privacy.installation import Installation
from tests.privacy.saying import AMQP_ID, NAME, WORDS, Talk

pytestmark = [pytest.mark.process, pytest.mark.rabbitmq]

_UNTOLD = {"ClockWarned", "ClockBreached", "Escalated", "Lapsed", "Closed", "Merged", "Erased", "DeliveryFailed"}
"""What nobody writes a text for."""


def test_everything_was_said(talk: Talk) -> None:
    """The other tests look for words that were really spoken: in every event that anybody can write a text into."""
    statuses = {answer.status_code for answer in talk.answers}

    offered = {"ComplaintFiled"} | {
        action.event
        for tenant in Tenants(PROJECT / "tenants").all()
        for action in (*tenant.sop.anytime, *(action for step in tenant.sop.steps for action in step.actions))
    }
    offered |= (
        {"FileAdded", "Added"}
        | {event for event, _, _ in BESIDE.values()}
        | {event for event, _, _ in ARRANGED.values()}
    )

    assert set() == (offered & set(EVENT_TYPES)) - _UNTOLD - talk.events
    assert {200, 201, 400, 401, 403, 404, 409, 415, 422} <= statuses
    assert not [status for status in statuses if status >= 500]
    assert talk.taken == sum(b"tracking_code" in reply for reply in talk.replies)


def test_no_table_holds_anything_personal(installation: Installation, talk: Talk) -> None:
    """Every column of every table: names, addresses, numbers, texts, codes and passwords are nowhere in them."""
    tables = installation.tables()
    found = {name: holds(kept, (*WORDS, AMQP_ID, *talk.codes)) for name, kept in tables.items()}

    assert {} == {name: words for name, words in found.items() if words}
    assert ["Dayeuhluhur"] == holds(tables["eventstore.events"], ("Dayeuhluhur",))  # what is public would be found
    assert {*SERVICES, "vault", "identity", "eventstore"} <= {name.partition(".")[0] for name in tables}


def test_no_file_holds_anything_personal(installation: Installation, talk: Talk) -> None:
    """What is kept of photos and documents, sent or made: neither their names nor their contents tell anything."""
    files = installation.files()
    found = {name: holds(name.encode() + b"\n" + kept, (*WORDS, *talk.codes)) for name, kept in files.items()}
    [(added,)] = installation.query("SELECT count(*) FROM eventstore.events WHERE type = 'FileAdded'")

    assert {} == {name: words for name, words in found.items() if words}
    assert 7 == added <= len(files)


def test_no_message_about_the_log_holds_anything_personal(installation: Installation, talk: Talk) -> None:
    """Whoever binds a queue to ``aduan.events`` hears what happens, and of nobody."""
    heard = installation.heard()
    [(recorded,)] = installation.query("SELECT count(*) FROM eventstore.events")

    assert recorded <= len(heard)
    assert [] == [words for message in heard if (words := holds(message, (*WORDS, AMQP_ID, *talk.codes)))]
    assert any(holds(message, ("Dayeuhluhur",)) for message in heard)


def test_no_line_of_the_log_holds_anything_personal(installation: Installation, talk: Talk) -> None:
    """Not even the most talkative log there is, of requests and messages that were wrong in every way."""
    said = installation.log.read_bytes()
    lines = [line for line in said.splitlines() if line.strip()]

    assert len(talk.answers) < len(lines)
    assert [] == holds(said, (*WORDS, *talk.codes))
    assert [] == [line for line in lines if b"Traceback" in line]
    assert all(json.loads(line) for line in lines)


def test_the_databases_own_log_holds_nothing_personal(installation: Installation, talk: Talk) -> None:
    """What PostgreSQL complains of is not quoted either."""
    assert [] == holds(installation.server_log.read_bytes(), (*WORDS, *talk.codes))


def test_no_refusal_repeats_what_was_wrong(talk: Talk) -> None:
    """An error says which field is at fault, and does not hand the value on to whoever reads the answer."""
    refused = [answer for answer in talk.answers if answer.status_code >= 400]

    assert [] == [answer.text for answer in refused if holds(answer.content, WORDS)]
    assert [] == [reply for reply in talk.replies if holds(reply, WORDS)]


def test_what_could_not_be_used_is_told_by_its_reason_only(installation: Installation, talk: Talk) -> None:
    """A refused submission lies in its queue as it was sent; what we say of it quotes nothing of it."""
    told = installation.aduan("dead", "list", "intake")
    letters = installation.taken("aduan.intake.dead")

    assert [] == holds(told.encode(), WORDS)
    assert len(talk.replies) - talk.taken == len(told.splitlines()) == len(letters)
    assert [] == [headers for _, headers in letters if holds(str(headers).encode(), WORDS)]
    assert [body for body, _ in letters if NAME.encode() in body]


def test_no_other_queue_holds_anything(installation: Installation, talk: Talk) -> None:
    """When all is done, no message is left in which anything could be read."""
    for service in SERVICES:
        assert [] == installation.taken(f"aduan.{service}")
    assert [] == installation.taken("aduan.intake.submissions")


def test_the_figures_name_nobody(installation: Installation, talk: Talk) -> None:
    """Metrics are shown to whoever watches the machines."""
    shown = talk.api.session.get(f"{talk.api.address}/metrics", timeout=patience(10))

    assert shown.ok
    assert [] == holds(shown.content, (*WORDS, *talk.codes))
