"""Whatever a provider, or who writes by it, puts into any field: it is taken, harms no other, and ends somewhere."""

import json
from collections.abc import Iterator
from copy import deepcopy
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from cli.providers.sms import KEY, PASSWORD
from cli.providers.telegram import SECRET as WORD
from cli.providers.telegram import TOKEN as BOT_TOKEN
from cli.providers.whatsapp import NUMBER, SECRET, TOKEN
from tests.channels.deliveries import (
    BODIES,
    BOOK,
    EVENT,
    FLAT,
    OWN,
    PRESSED,
    SPOOLED,
    TELEGRAM,
    WHATSAPP,
    Providers,
    changed,
    leaves,
)
from tests.channels.line import Line, line


@pytest.fixture
def cilacap(database_url: str, tmp_path: Path) -> Iterator[Line]:
    """An installation whose government is reached by everything."""
    gateways = ("kannel", "jasmin", "vonage", "gammu", "own")
    secrets = {
        "cilacap.whatsapp.app_secret": SECRET,
        "cilacap.whatsapp.access_token": TOKEN,
        "cilacap.telegram.bot_token": BOT_TOKEN,
        "cilacap.telegram.secret_token": WORD,
        "cilacap.sms.smsgate.signing_key": KEY,
        "cilacap.sms.smsgate.password": PASSWORD,
        **{f"cilacap.sms.{each}.key": KEY for each in gateways},
        **{f"cilacap.sms.{each}.password": PASSWORD for each in gateways},
    }
    with line(database_url, tmp_path, {"cilacap": BOOK.format(number=NUMBER)}, secrets) as made:
        yield made


def test_nothing_that_stands_in_a_delivery_is_an_error_of_ours(cilacap: Line) -> None:
    """Each is taken, so that no provider repeats it for a week; nothing stays that nobody can deal with."""
    providers = Providers(cilacap)
    for take in (providers.whatsapp, providers.telegram, providers.smsgate, providers.gammu, providers.own):
        for body in BODIES:
            take(body)
    for take, document in (
        (providers.whatsapp, WHATSAPP),
        (providers.telegram, TELEGRAM),
        (providers.telegram, PRESSED),
        (providers.smsgate, EVENT),
        (providers.gammu, SPOOLED),
        (providers.own, OWN),
    ):
        for each in changed(document):
            take(json.dumps(each).encode())
    for gateway, told in FLAT.items():
        for each in changed(told):
            providers.flat(gateway, each)
    assert [] == providers.refused
    kept = cilacap.rows("SELECT channel, count(*) FROM channels.heard WHERE reason = 'not_a_delivery' GROUP BY channel")
    assert len(BODIES) <= dict(kept)["whatsapp"]
    cilacap.works()
    cilacap.later(hours=30)
    cilacap.works()
    assert [] == cilacap.rows("SELECT channel, message_id, provider_at FROM channels.heard WHERE state = 'new'")


SIDES: Final = {
    *("timestamp", "time", "receivedAt", "date", "message-timestamp", "w", "profile", "context", "reply_to_message"),
    *("first_name", "last_name", "concat", "concat-ref", "concat-total", "concat-part", "r", "n", "p", "class", "ref"),
}
"""What a message is not about: when it was said, of which part it is, what it answers, what its writer is called."""


def test_no_side_field_costs_anybody_their_message(cilacap: Line) -> None:
    """Whatever stands in it, or if nothing does: the words are heard, as said when they came."""
    providers = Providers(cilacap)
    written: Any = deepcopy(WHATSAPP)
    del written["entry"][0]["changes"][0]["value"]["messages"][1]
    documents: list[tuple[Any, Any, tuple[Any, ...]]] = [
        (providers.whatsapp, written, ("entry", 0, "changes", 0, "value", "messages", 0, "id")),
        (providers.telegram, TELEGRAM, ("message", "message_id")),
        (providers.smsgate, EVENT, ("payload", "messageId")),
        (providers.gammu, SPOOLED, ("ids", 0)),
        (providers.own, {**OWN, "n": "1"}, ("i",)),
        *((gateway, FLAT[gateway], ("messageId" if gateway == "vonage" else "id",)) for gateway in FLAT),
    ]
    odds: tuple[object, ...] = ("", "kemarin", "1760000000000000", None, -1, [], {})
    sent = 0
    for take, document, id_ in documents:
        for path in list(leaves(document)):
            if path[-1] not in SIDES:
                continue
            for odd in odds:
                sent += 1
                copy = deepcopy(document)
                _put(copy, path, odd)
                _put(copy, id_, sent if take == providers.telegram else f"side{sent}")
                if take == providers.gammu:  # the same words at the same second are one SMS
                    copy["text"] = f"Air {sent}"
                if isinstance(take, str):
                    providers.flat(take, {**copy, "content" if take == "jasmin" else "text": f"Air {sent}"})
                else:
                    take(json.dumps(copy).encode())

    assert [] == cilacap.rows("SELECT channel, account, reason FROM channels.heard WHERE reason <> ''")
    assert [(sent,)] == cilacap.rows("SELECT count(*) FROM channels.heard")
    now = cilacap.clock.now()
    times = [at for (at,) in cilacap.rows("SELECT provider_at FROM channels.heard")]
    assert all(at <= now for at in times)


def _put(document: Any, path: tuple[Any, ...], value: object) -> None:
    for name in path[:-1]:
        document = document[name]
    document[path[-1]] = value


def test_a_telephone_whose_clock_is_wrong_writes_today(cilacap: Line) -> None:
    """Nobody has written in another century, and free words are not allowed until the next one."""
    client = cilacap.app.test_client()
    for number, year in ((1, 1), (2, 1980), (3, 2222), (4, 9998)):
        said = {**OWN, "i": f"y{year}", "f": f"08123456780{number}", "w": f"{year:04}-12-31T23:59:59-23:00", "n": "1"}
        client.post(f"/hooks/v1/cilacap/sms/own?key={KEY}", json=said)
    cilacap.works()
    now = cilacap.clock.now()
    times = cilacap.rows("SELECT provider_at FROM channels.heard UNION ALL SELECT last_heard_at FROM notify.reach")
    assert 8 == len(times)
    assert all(now - timedelta(minutes=5) < at <= now for (at,) in times)


@pytest.mark.parametrize(("when", "messages"), [("315964800", 2), ("kemarin", 2), ("", 2), (None, 1)])
def test_the_same_words_twice_are_two_messages_where_no_clock_tells(
    cilacap: Line, when: str | None, messages: int
) -> None:
    """A clock that stands still says nothing; one that goes tells that a gateway delivers a message once more."""
    providers, now = Providers(cilacap), str(int(cilacap.clock.now().timestamp()))
    for id_ in ("a", "b"):
        said = {**FLAT["kannel"], "id": id_, "text": "1", "time": now if when is None else when}
        providers.flat("kannel", said)
    assert [(messages,)] == cilacap.rows("SELECT count(*) FROM channels.heard")


@pytest.mark.parametrize("id_", ["%I", ""])
def test_an_old_modem_box_that_knows_no_ids_loses_no_second_word(cilacap: Line, id_: str) -> None:
    """It hands over the very sign for one, and for a time: what comes a moment later is another SMS all the same."""
    providers = Providers(cilacap)
    for _ in range(2):
        providers.flat("kannel", {**FLAT["kannel"], "id": id_, "time": "%T", "text": "1"})
        cilacap.later(seconds=5)
    assert [(2,)] == cilacap.rows("SELECT count(*) FROM channels.heard WHERE state = 'new'")
