"""What providers say of a letter, in every order."""

from itertools import permutations, product

import pytest

from services.notify.reports import noted, reported
from tests.fixtures.office import START, Office

KEY = "5b0a7ad8-9c55-4d0f-9d3e-2f0d4d0f6c11"
PERSON = "6b0a7ad8-9c55-4d0f-9d3e-2f0d4d0f6c11"
STATES = ("accepted", "sent", "failed", "delivered", "read")
"""From the word that says the least of a letter to the one that says the most: who has it has it."""


def test_05_any_order_has_the_same_end(office: Office) -> None:
    """Faults 5 and 6: whatever the order and however often, the end is the word that says most."""
    orders = [*permutations(STATES), *product(STATES, repeat=3)]
    for order in orders:
        office.rows("DELETE FROM notify.talks")
        office.rows(
            "INSERT INTO notify.talks (key, tenant, person, channel, account, sealed, state) "
            "VALUES (%s, 'cilacap', %s, 'whatsapp', '1', '', 'unknown')",
            KEY,
            PERSON,
        )
        for state in order:
            told = {"provider_id": "", "key": KEY, "state": state, "part": "", "code": ""}
            assert reported(office.runtime, "cilacap", channel="whatsapp", at=START, **told)
        [(end,)] = office.rows("SELECT state FROM notify.talks")
        assert max(order, key=STATES.index) == end, order


def test_41_an_id_is_the_same_in_whatever_case(office: Office) -> None:
    """Fault 41: a gateway spells it otherwise in its report than in its answer, and does not tell our own key."""
    office.rows(
        "INSERT INTO notify.talks (key, tenant, person, channel, account, sealed, state, provider_id) "
        "VALUES (%s, 'cilacap', %s, 'sms', '1', '', 'accepted', '9c5F-aB01')",
        KEY,
        PERSON,
    )
    told = {"provider_id": "9C5f-Ab01", "key": "", "state": "delivered", "part": "", "code": ""}
    assert reported(office.runtime, "cilacap", channel="sms", at=START, **told)
    assert [("delivered",)] == office.rows("SELECT state FROM notify.talks WHERE key = %s", KEY)


def test_a_letter_that_went_twice_is_one_whichever_of_the_two_is_told_of(office: Office) -> None:
    """Its first answer was lost, and it went again under our key: what is said of either copy is said of the letter."""
    office.rows(
        "INSERT INTO notify.talks (key, tenant, person, channel, account, sealed, state, provider_id) "
        "VALUES (%s, 'cilacap', %s, 'whatsapp', '1', '', 'accepted', 'wamid.second')",
        KEY,
        PERSON,
    )
    ends = []
    for provider_id, key, state in (("wamid.first", KEY, "delivered"), ("wamid.second", "", "read")):
        told = {"provider_id": provider_id, "key": key, "state": state, "part": "", "code": ""}
        assert reported(office.runtime, "cilacap", channel="whatsapp", at=START, **told)
        ends += office.rows("SELECT state, provider_id FROM notify.talks")
    assert [("delivered", "wamid.second"), ("read", "wamid.second")] == ends


def test_07_a_letter_nobody_knows_is_told_to_be_unknown(office: Office) -> None:
    """Fault 7: what cannot be matched yet is not swallowed: whoever hands it on tries again."""
    told = {"provider_id": "wamid.1", "key": "not a key", "state": "sent", "part": "", "code": ""}
    assert not reported(office.runtime, "cilacap", channel="whatsapp", at=START, **told)


def test_a_word_that_breaks_holds_up_no_other(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    """What providers say is handed on by the hundred: one that nobody can deal with is tried again by itself."""
    told = {"tenant": "cilacap", "channel": "whatsapp", "provider_id": "wamid.1", "key": "", "part": "", "code": ""}
    words = [{**told, "state": "sent", "at": at} for at in ("never", START.isoformat())]
    assert [False, False] == [noted(office.runtime, each) for each in words]
    assert 1 == sum("could not be dealt with" in record.message for record in caplog.records)
