"""SMS by gateways that a government describes: nobody writes code for them."""

import base64
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests
from marshmallow import ValidationError

from cli.providers.sms import KEY, NUMBER, PASSWORD, PlayedGateway, gateway_of
from shared.channels.incoming import NO_TIME, Heard, Odd, Reported, Request
from shared.channels.kinds.sms.custom import Custom
from shared.channels.kinds.sms.custom_layout import CustomSchema
from shared.channels.kinds.sms.gateway import SmsGateway
from shared.channels.secrets import Secrets
from tests.channels.own_gateways import ANSWERS, FILED, JAKARTA, MESSAGE, SUMARNO, filed, trenggalek

LAYOUT: dict[str, Any] = {
    "message": {"id": "data.0.nomor", "from": "data.0.dari", "text": "data.0.isi", "time": "data.0.waktu"},
    "times": "%d/%m/%Y %H:%M:%S",
    "zone": "Asia/Jakarta",
    "answer": "BERES",
    "report": {"key": "acuan", "state": "hasil", "states": {"1": "delivered", "2": "failed"}, "code": "sebab"},
    "send": {
        "as": "json",
        "basic": True,
        "fields": {"digits": "tujuan", "text": "isi", "key": "acuan", "report": "balik"},
        "always": {"jenis": "biasa"},
        "id": "hasil.nomor",
        "taken": {"status": ["0"]},
    },
}


class DescribedGateway(PlayedGateway):
    """One that nobody has heard of, see :data:`LAYOUT`."""

    format = "custom"

    def deliver(self, number: str, text: str, at: datetime, id_: str) -> requests.Response:
        """JSON, by its own clock."""
        when = at.astimezone(JAKARTA).strftime("%d/%m/%Y %H:%M:%S")
        data = [{"nomor": id_, "dari": number.lstrip("+"), "isi": text, "waktu": when}]
        return requests.post(f"{self.hook}?key={KEY}", json={"data": data}, timeout=20)

    def report(self, letter: dict[str, str], state: str) -> requests.Response:
        """Where the letter says."""
        told = {"acuan": letter["key"], "hasil": {"delivered": "1", "failed": "2"}.get(state, "0")}
        return requests.post(letter["report"], data=told, timeout=20)

    def take(self, method: str, url: str, headers: Any, body: bytes) -> tuple[int, str]:
        """Its way in, with a password of HTTP's."""
        given = base64.b64encode(f"aduan:{PASSWORD}".encode()).decode()
        if (method, headers.get("Authorization")) != ("POST", f"Basic {given}"):
            return 401, "{}"
        told = json.loads(body)
        assert told["jenis"] == "biasa", url
        self.keep(id="", to=f"+{told['tujuan']}", text=told["isi"], report=told["balik"], key=told["acuan"])
        return 200, json.dumps({"status": 0, "hasil": {"nomor": f"n{len(self.letters)}"}})


def test_a_gateway_that_is_described_needs_no_code(database_url: str, tmp_path: Path) -> None:
    """From the first SMS to the receipt, told as delivered by its report, and answered to the letter."""
    with (
        gateway_of(DescribedGateway) as gateway,
        trenggalek(database_url, tmp_path, {"format": "custom", "send_url": gateway.address, "custom": LAYOUT}) as made,
    ):
        gateway.hook = f"{made.address}/hooks/v1/trenggalek/sms/modem"
        for text in (MESSAGE, *ANSWERS):
            assert gateway.text(SUMARNO, text).ok
            made.works()
        assert {b"BERES"} == {each.content for each in gateway.answers}
        assert FILED == filed(made)
        assert "TRG-" in gateway.texts_to(SUMARNO)[-1]
        for state in ("nonsense", "delivered"):
            gateway.report(gateway.letters[-1], state)
            made.works()
        assert [("delivered",)] == made.rows("SELECT state FROM notify.talks ORDER BY number DESC LIMIT 1")


def read(layout: dict[str, Any], **request: Any) -> Heard | Odd | Reported | Exception | None:
    """What a described gateway is understood to say."""
    whole = {"message": {"from": "f", "text": "t"}, **layout}
    format_ = Custom(CustomSchema().load(whole))
    given = {"method": "POST", "path": "modem", "url": "", "headers": {}, "query": {}, "form": {}, "body": b""}
    at = datetime(2026, 10, 5, 1, tzinfo=UTC)
    items = format_.split(Request(**{**given, **request}, at=at))
    if not items:
        return None
    if "odd" in items[0]:
        return Odd(items[0]["odd"])  # as for every format, see `SmsIncoming.read`
    try:
        return format_.read(SmsGateway("modem", "custom", Secrets(None, "x"), number=NUMBER), items[0])
    except ValueError as error:
        return error


@pytest.mark.parametrize(
    ("layout", "form", "expected"),
    [
        ({}, {"f": "0812 3456 7890", "t": "halo"}, ("halo", "2026-10-05T01:00:00+00:00")),
        ({}, {"f": "0812 3456 7890", "t": ""}, ("", "2026-10-05T01:00:00+00:00")),
        ({}, {"f": "TELKOMSEL", "t": "Sisa pulsa"}, "no_person"),
        ({}, {"f": NUMBER, "t": "kami"}, "our_own_number"),
        ({}, {"t": "tanpa nomor"}, "no_person"),
        ({}, {"f": "081234567890", "t": "\u202eterbalik 👍"}, ("\u202eterbalik 👍", "2026-10-05T01:00:00+00:00")),
        (
            {"message": {"from": "f", "text": "t", "time": "w"}, "times": "seconds"},
            {"f": "081234567890", "t": "a", "w": "1790000000"},
            ("a", "2026-09-21T14:13:20+00:00"),
        ),
        (
            {"message": {"from": "f", "text": "t", "time": "w"}, "times": "milliseconds"},
            {"f": "081234567890", "t": "a", "w": "1790000000999"},
            ("a", "2026-09-21T14:13:20+00:00"),
        ),
        (
            {"message": {"from": "f", "text": "t", "time": "w"}},
            {"f": "081234567890", "t": "a", "w": "kemarin"},
            ("a", NO_TIME.isoformat()),  # the journal takes that for now
        ),
        (
            {"message": {"from": "f", "text": "t", "coding": "c"}},
            {"f": "081234567890", "t": "00680061006C006F", "c": "8"},
            ("halo", "2026-10-05T01:00:00+00:00"),
        ),
    ],
)
def test_what_a_described_gateway_says(layout: dict[str, Any], form: dict[str, str], expected: object) -> None:
    """Persons' words with their time; machines, nobody, and what cannot be read are kept apart, and never an error."""
    found = read(layout, form=form)
    if isinstance(found, Heard):
        assert (found.text, found.at.isoformat()) == expected
    else:
        assert expected == (found.reason if isinstance(found, Odd) else type(found))


def test_a_field_that_is_called_as_our_key_in_the_address_is_still_the_gateways() -> None:
    """What it says in a form or in JSON is its own; the key of our address is never taken for it."""
    layout = {"report": {"key": "key", "state": "s", "states": {"1": "delivered"}}}
    asked = {"path": "modem/report", "query": {"key": KEY}}
    told = [
        read(layout, **asked, form={"key": "abc", "s": "1"}),
        read(layout, **asked, body=b'{"key": "abc", "s": 1}'),
        read(layout, **asked, form={"s": "1"}),
    ]
    assert ["abc", "abc", ""] == [each.key for each in told if isinstance(each, Reported)]
    words = read({"message": {"from": "f", "text": "key"}}, query={"key": KEY}, form={"f": SUMARNO})
    assert isinstance(words, Heard)
    assert words.text == ""


def test_two_sms_of_a_gateway_without_ids_are_two_and_one_twice_is_one() -> None:
    """By words, number and time; parts of one message by their numbers."""
    layout = {"message": {"from": "f", "text": "t", "time": "w", "reference": "r", "total": "n", "number": "i"}}
    form = {"f": "081234567890", "t": "1", "w": "2026-10-05 08:00:00", "r": "7", "n": "2", "i": "1"}
    changes: list[dict[str, str]] = [{}, {"w": "2026-10-05 08:00:30"}, {"i": "2"}, {"t": "2"}, {"f": "081234567891"}]
    found = [read(layout, form={**form, **change}) for change in changes]
    assert all(isinstance(each, Heard) and each.part is not None for each in found)
    assert len(changes) == len({each.message_id for each in found if isinstance(each, Heard)})
    assert read(layout, form=form) == found[0]


@pytest.mark.parametrize(
    ("body", "kept"),
    [(b"", False), (b"[]", True), (b"{", True), (b'{"f": ["081234567890"]}', True), (b"{" * 3000, True)],
)
def test_a_body_that_is_no_message_harms_nothing(body: bytes, kept: bool) -> None:
    """Nothing of it is a person's; it is kept with its reason."""
    found = read({}, body=body)
    assert kept == isinstance(found, Odd)


@pytest.mark.parametrize(
    ("layout", "where"),
    [
        ({"message": {"text": "t"}}, "message"),
        ({"message": {"from": "f", "text": "t", "total": "n"}}, "message"),
        ({"times": "kapan-kapan"}, "times"),
        ({"times": "%d/%m/%Q"}, "times"),
        ({"times": "%d/%m %H:%M"}, "times"),
        ({"zone": "Mars/Utara"}, "zone"),
        ({"zone": "../../etc/passwd"}, "zone"),
        ({"report": {"state": "s", "states": {"1": "delivered"}}}, "report"),
        ({"report": {"id": "i", "state": "s", "states": {"1": "sampai"}}}, "report"),
        ({"send": {"fields": {"to": "x"}}}, "send"),
        ({"send": {"fields": {"to": "x", "text": "y", "siapa": "z"}}}, "send"),
        ({"send": {"as": "xml", "fields": {"to": "x", "text": "y"}}}, "send"),
        ({"sandi": "x"}, "sandi"),
    ],
)
def test_a_description_that_cannot_work_is_refused(layout: dict[str, Any], where: str) -> None:
    """Before anything is connected, naming the field."""
    with pytest.raises(ValidationError) as refused:
        CustomSchema().load({"message": {"from": "f", "text": "t"}, **layout})
    assert {where} == set(refused.value.normalized_messages())
