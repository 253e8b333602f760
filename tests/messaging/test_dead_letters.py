import pytest

from shared.messaging.consuming.dead_letters import QUEUE, DeadLetter, discard, list_dead, retry
from shared.messaging.wire.outgoing import Outgoing
from shared.platform.database.pool import Database
from tests.fixtures.waiting import eventually
from tests.messaging.helping import NOW, Serve, config_for, declare, depth, event, known, publish
from tests.messaging.test_consumer import Taken, reporting


@pytest.fixture
def taken() -> Taken:
    """A service that fails on 2 and 4."""
    failing = Taken()
    failing.failing = {2: KeyError("x"), 4: KeyError("x")}
    return failing


@pytest.fixture
def letters(broker: str, database: Database, serve: Serve, taken: Taken) -> list[DeadLetter]:
    """Two events were put aside; the service goes on."""
    known(database, 5)
    declare(broker)
    publish(broker, *[event(number) for number in range(1, 6)])
    serve(reporting(taken), config_for(broker, database))
    eventually(lambda: depth(broker, "aduan.reporting.dead") == 2)
    return list_dead(broker, "reporting")


def test_a_list_tells_and_takes_nothing(broker: str, letters: list[DeadLetter]) -> None:
    """Each letter says what it was, where from, why and when; looking changes nothing."""
    assert ["00000000-0000-0000-0000-000000000002:1", "00000000-0000-0000-0000-000000000004:1"] == [
        letter.message_id for letter in letters
    ]
    assert {("reporting", "aduan.reporting", "failed", "Answered", NOW.isoformat())} == {
        (each.service, each.queue, each.reason, each.type, each.failed_at) for each in letters
    }
    assert letters[0].id != letters[1].id
    assert letters == list_dead(broker, "reporting")
    assert letters[:1] == list_dead(broker, "reporting", limit=1)


def test_retrying_does_what_was_left(broker: str, letters: list[DeadLetter], taken: Taken) -> None:
    """When the cause is mended a retry brings the events to the service, and to no other."""
    others = depth(broker, "aduan.sla")
    taken.failing.clear()

    assert 2 == retry(broker, "reporting")
    eventually(lambda: taken.numbers == [1, 2, 3, 4, 5])
    assert [] == list_dead(broker, "reporting")
    assert others == depth(broker, "aduan.sla")


def test_one_can_be_retried_alone(broker: str, letters: list[DeadLetter], taken: Taken) -> None:
    """Only the named letter is given back; the other stays."""
    taken.failing.clear()

    assert 1 == retry(broker, "reporting", [letters[1].id])
    eventually(lambda: taken.numbers == [1, 3, 4, 5])
    assert letters[:1] == list_dead(broker, "reporting")


def test_what_fails_again_is_put_aside_again(broker: str, letters: list[DeadLetter]) -> None:
    """A retry with the cause still there ends where it began, and does not go round for ever."""
    assert 2 == retry(broker, "reporting")
    eventually(lambda: len(list_dead(broker, "reporting")) == 2)

    assert {letter.message_id for letter in letters} == {each.message_id for each in list_dead(broker, "reporting")}


def test_one_can_be_thrown_away(broker: str, letters: list[DeadLetter]) -> None:
    """Only the named letter goes."""
    assert 1 == discard(broker, "reporting", {letters[0].id})
    assert letters[1:] == list_dead(broker, "reporting")


def test_all_can_be_thrown_away(broker: str, letters: list[DeadLetter]) -> None:
    """Without names all go, and doing it again finds none."""
    assert 2 == discard(broker, "reporting")
    assert 0 == discard(broker, "reporting")


def test_a_service_without_dead_letters_has_an_empty_list(broker: str) -> None:
    """Also on a broker on which nothing was ever declared."""
    assert [] == list_dead(broker, "sla")


def test_what_others_have_put_there_stays_or_goes(broker: str) -> None:
    """A letter without our headers, or naming another queue, is listed and not retried, and can be discarded."""
    declare(broker)
    strays = [Outgoing("", "aduan.sla.dead", b"{}"), Outgoing("", "aduan.sla.dead", b"[]", {QUEUE: "aduan.reporting"})]
    publish(broker, *strays)
    letters = list_dead(broker, "sla")

    assert [2, 2] == [letter.size for letter in letters]
    assert 2 == len({letter.id for letter in letters})
    assert 0 == retry(broker, "sla")
    assert 0 == depth(broker, "aduan.reporting")
    assert 1 == discard(broker, "sla", [letters[0].id])
    assert letters[1:] == list_dead(broker, "sla")
