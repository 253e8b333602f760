"""Letters that one byte does not hold: however a gateway writes them, and wherever a long SMS was cut between them."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeAlias
from urllib.parse import quote_from_bytes
from uuid import UUID

import pytest
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request as HttpRequest

from channels.joining import GAP, Read, joined
from channels.rows import New
from shared.base.randomness import SeededRandomness
from shared.channels.incoming import Heard, Odd, Raw, Request
from shared.channels.journal import kept_as, opened, read_safely, understood
from shared.channels.kinds.sms.channel import SmsIncoming
from shared.channels.kinds.sms.custom_layout import CustomSchema
from shared.channels.kinds.sms.gateway import SmsGateway
from shared.channels.secrets import Secrets
from shared.channels.talk.world import PersonsMessage
from shared.domain.sealing import DataKey

TEXT: Final = "Jalan 🚧 rusak 😀😀, banjir 🌊 di RT 2🙏"
UNITS: Final = TEXT.encode("utf-16-be")
NOW: Final = datetime(2026, 10, 5, 1, tzinfo=UTC)
KEY: Final = DataKey(UUID(int=1), SeededRandomness("key").bytes(32), SeededRandomness("nonce"))
LAYOUT: Final = {
    "message": {"id": "i", "from": "f", "text": "t", "reference": "r", "total": "n", "number": "p", "coding": "c"},
}
Told: TypeAlias = Mapping[str, str]
"""The fields of a delivery."""
Way: TypeAlias = Callable[[Told], tuple[str, bytes]]
"""As the query and the body of a request."""


def part_for(format_: str, text: str, number: int, total: int) -> dict[str, str]:
    """A part as gateways of a format tell it."""
    if format_ == "vonage":
        told = {"msisdn": "6281234567890", "messageId": f"m{number}", "text": text, "concat": "true"}
        return told | {"concat-ref": "17", "concat-total": str(total), "concat-part": str(number)}
    return {"i": f"m{number}", "f": "6281234567890", "t": text, "r": "17", "n": str(total), "p": str(number)}


def as_json(told: Told) -> tuple[str, bytes]:
    """With halves as JSON writes them."""
    return "", json.dumps(told).encode()


def as_bytes(told: Told) -> tuple[str, bytes]:
    """With halves as bytes that are no UTF-8."""
    return "", json.dumps(told, ensure_ascii=False).encode("utf-8", "surrogatepass")


def in_query(told: Told) -> tuple[str, bytes]:
    """Likewise, in an address."""
    return "&".join(
        f"{name}={quote_from_bytes(value.encode('utf-8', 'surrogatepass'))}" for name, value in told.items()
    ), b""


def in_hex(told: Told) -> tuple[str, bytes]:
    """UCS-2, written in hexadecimal."""
    return "", json.dumps({**told, "t": told["t"].encode("utf-16-be", "surrogatepass").hex(), "c": "8"}).encode()


WAYS: Final[list[tuple[str, Way]]] = [
    ("vonage", as_json),
    ("vonage", as_bytes),
    ("vonage", in_query),
    ("custom", as_json),
    ("custom", in_query),
    ("custom", in_hex),
]


def incoming(format_: str) -> SmsIncoming:
    """The way in of one gateway."""
    options: dict[str, Any] = {"custom": CustomSchema().load(LAYOUT)} if format_ == "custom" else {}
    return SmsIncoming({"modem": SmsGateway("modem", format_, Secrets(None, ""), options)})


def kept(way_in: SmsIncoming, query: str, body: bytes) -> Heard | Odd:
    """A delivery, written down sealed and read again."""
    args = HttpRequest(EnvironBuilder(query_string=query).get_environ()).args.to_dict()
    url = f"https://aduan.example/hooks/v1/cilacap/sms/modem?{query}"
    request = Request(method="POST", path="modem", url=url, headers={}, query=args, form={}, body=body, at=NOW)
    [(raw, _)] = [understood(way_in, each) for each in way_in.split(request)]
    sealed: Mapping[str, Any] = kept_as(raw)
    again: Raw = opened(KEY, KEY.seal(sealed, "channels.heard"))
    what = read_safely(way_in, again)
    assert isinstance(what, Heard | Odd)
    return what


def whole(format_: str, way: Way, pieces: Mapping[int, str], total: int) -> str:
    """What the parts that came are made into."""
    way_in = incoming(format_)
    read = []
    for number, piece in pieces.items():
        heard = kept(way_in, *way(part_for(format_, piece, number, total)))
        assert isinstance(heard, Heard), (number, heard)
        row = New("sms", "modem", heard.message_id, NOW, "", 0, 3600)
        read.append(Read(row, heard, PersonsMessage(heard.message_id, "text", NOW, heard.text)))
    [one] = joined(read, NOW + timedelta(hours=1)).whole
    assert one.message is not None
    return one.message.text


def cut(at: int) -> tuple[str, str]:
    """The text, cut before a UTF-16 unit."""
    first, second = (each.decode("utf-16-be", "surrogatepass") for each in (UNITS[: 2 * at], UNITS[2 * at :]))
    return first, second


@pytest.mark.parametrize(("format_", "way"), WAYS)
def test_wherever_a_text_was_cut_it_comes_together_as_it_was(format_: str, way: Way) -> None:
    """Between any two units, also those of one emoji; what waits in the journal is sealed, and is opened with them."""
    for at in range(1, len(UNITS) // 2):
        first, second = cut(at)
        assert TEXT == whole(format_, way, {2: second, 1: first}, 2), at


@pytest.mark.parametrize(("format_", "way"), WAYS)
def test_half_an_emoji_whose_other_never_comes_is_marked(format_: str, way: Way) -> None:
    """The rest of what was written is heard; the text is one that can be written down."""
    at = UNITS.index("😀".encode("utf-16-be")) // 2 + 1
    first, second = cut(at)
    assert f"Jalan 🚧 rusak \ufffd {GAP}" == whole(format_, way, {1: first}, 2)
    assert f"{GAP} \ufffd😀, banjir 🌊 di RT 2🙏" == whole(format_, way, {2: second}, 2)


def test_a_gateway_that_marks_both_halves_itself_loses_one_letter_alone() -> None:
    """A mark stands on each side of the cut: one letter is lost. Within a part bytes were no text."""
    assert "rusak \ufffd parah" == whole("vonage", as_json, {1: "rusak \ufffd", 2: "\ufffd parah"}, 2)
    told = part_for("vonage", "rus\ufffdak", 1, 2)
    assert Odd("undecodable") == kept(incoming("vonage"), *as_json(told))


@pytest.mark.parametrize(
    ("format_", "told"),
    [
        ("kannel", {"id": "1", "from": "6281234567890", "text": "0041D83D", "coding": "2", "charset": "UTF-16BE"}),
        ("jasmin", {"id": "1", "from": "6281234567890", "binary": "0041d83d", "coding": "8"}),
    ],
)
def test_a_whole_message_that_ends_with_half_an_emoji_is_heard(format_: str, told: Told) -> None:
    """Its gateway has joined what it had: the half is marked, and the person is answered."""
    heard = kept(incoming(format_), *in_query(told))
    assert isinstance(heard, Heard)
    assert "A\ufffd" == heard.text


@pytest.mark.parametrize("text", ["Jalan rusak di Kafé 😀", "١٢٣ rusak", "é", "2026"])
@pytest.mark.parametrize(
    ("format_", "names", "says"),
    [
        ("kannel", ("id", "from", "text"), "coding=2&charset=UTF-16BE"),
        ("kannel", ("id", "from", "text"), "coding=2"),
        ("kannel", ("id", "from", "text"), "charset=UTF-8"),
        ("custom", ("i", "f", "t"), "c=8"),
        ("custom", ("i", "f", "t"), ""),
    ],
)
def test_the_bytes_of_a_message_are_its_words(format_: str, names: tuple[str, str, str], says: str, text: str) -> None:
    """All of a message is UTF-16 where one of its letters needs that, and Kannel hands over just these bytes."""
    written = quote_from_bytes(text.encode("utf-16-be"))
    query = "&".join(f"{name}={value}" for name, value in zip(names, ("1", "6281234567890", written), strict=True))
    heard = kept(incoming(format_), f"{query}&{says}", b"")
    assert isinstance(heard, Heard)
    assert text == heard.text


@pytest.mark.parametrize(
    ("format_", "query"),
    [
        ("kannel", "id=1&from=6281234567890&text=%D8%3D%DE%4F&coding=2&charset=UTF-16BE"),
        ("kannel", "id=1&from=6281234567890&text=%D8%3D%DE%4F&coding=2"),
        ("custom", "i=1&f=6281234567890&t=%D8%3D%DE%4F&c=8"),
        ("jasmin", "id=1&from=6281234567890&binary=d83dde4f&coding=8"),
    ],
)
def test_an_emoji_alone_is_heard(format_: str, query: str) -> None:
    """None of its bytes is zero, by which others are known for UTF-16."""
    heard = kept(incoming(format_), query, b"")
    assert isinstance(heard, Heard)
    assert "🙏" == heard.text


def test_bytes_that_end_within_a_letter_are_told_as_no_text() -> None:
    """Half of two bytes is nothing that somebody wrote."""
    query = "id=1&from=6281234567890&text=%00J%00a%00&coding=2&charset=UTF-16BE"
    assert Odd("undecodable") == kept(incoming("kannel"), query, b"")


@pytest.mark.parametrize(
    ("format_", "query"),
    [
        ("kannel", "id=1&from=6281234567890&text=Kaf%E9%20tutup&coding=0&charset=WINDOWS-1252"),
        ("kannel", "id=1&from=6281234567890&text=Kaf%C3%A9%20tutup&coding=2"),
        ("custom", "i=1&f=6281234567890&t=Kaf%C3%A9%20tutup&c=8"),
        ("jasmin", "id=1&from=6281234567890&content=Kaf%E9%20tutup&binary=4b6166e9207475747570&coding=3"),
    ],
)
def test_one_byte_a_letter_and_what_was_recoded_are_read_as_they_are(format_: str, query: str) -> None:
    """Kannel names the alphabet, Jasmin gives the bytes; what is UTF-8 already stays so, whatever it was before."""
    heard = kept(incoming(format_), query, b"")
    assert isinstance(heard, Heard)
    assert "Kafé tutup" == heard.text
