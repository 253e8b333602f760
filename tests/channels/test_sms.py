"""SMS by each format of gateway, in both directions."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import requests

from cli.providers.sms import (
    GATEWAYS,
    KEY,
    NUMBER,
    PASSWORD,
    JasminGateway,
    KannelGateway,
    PlayedGateway,
    SmsGateGateway,
    VonageGateway,
    gateway_of,
)
from services.notify import codes, sending
from shared.application.citizens.codes import Codes
from shared.application.citizens.contact import CitizensContact
from shared.channels import gsm
from shared.channels.carrier import Words
from shared.channels.phone_way import phone_way
from shared.domain.dossier.contents import complaint_of
from shared.wording.days import date_text
from tests.channels.by_sms import trenggalek_by_sms
from tests.channels.line import Line, line

SUMARNO = "+6281234567890"
IN_PARTS = (SmsGateGateway, VonageGateway)
"""Those that report each part of a letter by itself."""
MESSAGE = "LAPOR lampu jalan depan pasar Bendo mati 1 minggu"


@pytest.fixture(params=GATEWAYS, ids=[kind.format for kind in GATEWAYS])
def gateway(request: pytest.FixtureRequest) -> Iterator[PlayedGateway]:
    """A gateway of each format."""
    with gateway_of(request.param) as made:
        yield made


@pytest.fixture
def trenggalek(database_url: str, tmp_path: Path, gateway: PlayedGateway) -> Iterator[Line]:
    """An installation where Trenggalek is reached by SMS."""
    with trenggalek_by_sms(database_url, tmp_path, gateway) as made:
        yield made


def says(trenggalek: Line, gateway: PlayedGateway, *texts: str) -> None:
    """Somebody writes, one SMS after the other."""
    for text in texts:
        # Nobody types two SMS within a second of the centre's clock.
        at = datetime.now(UTC) + timedelta(seconds=2 * gateway.received)
        assert gateway.text(SUMARNO, text, at=at).ok
        trenggalek.works()


def answers_everything(trenggalek: Line, gateway: PlayedGateway) -> None:
    """From the first SMS to the receipt."""
    says(trenggalek, gateway, MESSAGE, "1", "Sumarno", "3503010101800002", "1", "1")


def test_trenggalek_by_sms(trenggalek: Line, gateway: PlayedGateway) -> None:
    """A complaint is filed by single SMS, its answer comes back by SMS, and counts as told when it has arrived."""
    answers_everything(trenggalek, gateway)
    [dossier] = trenggalek.dossiers()
    complaint = complaint_of(trenggalek.history(dossier), trenggalek.runtime.vault.keys(None, [dossier])[dossier])
    assert ("sms", SUMARNO, "Sumarno") == (
        complaint["channel"],
        complaint["reporter"]["phone"],
        complaint["reporter"]["name"],
    )
    received = gateway.texts_to(SUMARNO)
    assert "TRG-" in received[-1]
    assert all(gsm.fits(text) for text in received)
    assert all(gsm.parts(text) == 1 for text in received[:-1])


@pytest.mark.parametrize("gateway", [KannelGateway], indirect=True)
def test_a_desk_reads_when_something_was_written_that_came_after_weeks(
    trenggalek: Line, gateway: PlayedGateway
) -> None:
    """A complaint does not count from so long ago, and is late when it comes; its desk knows why."""
    at = trenggalek.clock.now() - timedelta(days=40)
    assert gateway.text(SUMARNO, MESSAGE, at=at).ok
    trenggalek.works()
    says(trenggalek, gateway, "1", "Sumarno", "3503010101800002", "1", "1")
    [dossier] = trenggalek.dossiers()
    complaint = complaint_of(trenggalek.history(dossier), trenggalek.runtime.vault.keys(None, [dossier])[dossier])
    day = date_text(at.astimezone(ZoneInfo("Asia/Jakarta")).date(), "id")
    assert f"(Menurut penyedianya ditulis pada {day}.)" in complaint["message"]
    assert "occurred_at" not in complaint


def test_what_the_gateway_hears_is_what_it_expects(trenggalek: Line, gateway: PlayedGateway) -> None:
    """Fault 43: whatever a hook answers may be sent to the person, so nothing is answered but what must be."""
    says(trenggalek, gateway, MESSAGE)
    expected = {"kannel": b"", "jasmin": b"ACK/Jasmin", "smsgate": b"", "twilio": b"<Response/>", "vonage": b""}
    assert [(200, expected[gateway.format])] == [(answer.status_code, answer.content) for answer in gateway.answers]


def test_a_field_given_twice_is_refused(trenggalek: Line, gateway: PlayedGateway) -> None:
    """In an address, in a form, in JSON: what is said twice is no SMS, whatever the format."""
    hook = f"{gateway.hook}?key={KEY}"
    answers = [
        requests.get(f"{hook}&text=Jalan%20rusak&text=Lampu%20mati", timeout=20),
        requests.post(hook, data=[("text", "Jalan rusak"), ("text", "Lampu mati")], timeout=20),
    ]
    assert [(422, {"text"})] * 2 == [(each.status_code, set(each.json()["errors"])) for each in answers]
    trenggalek.works()
    assert [(0,)] == trenggalek.rows("SELECT count(*) FROM channels.heard")


def test_a_report_ends_a_reply_in_any_order(trenggalek: Line, gateway: PlayedGateway) -> None:
    """Faults 5 and 6: a late word lowers nothing."""
    says(trenggalek, gateway, MESSAGE)
    [letter] = gateway.letters
    for state in ("delivered", "sent", "failed", "delivered"):
        assert gateway.report(letter, state).ok
        trenggalek.works()
    assert [("delivered",)] == trenggalek.rows("SELECT state FROM notify.talks")


def test_a_gateway_that_was_away_sends_later(trenggalek: Line, gateway: PlayedGateway) -> None:
    """While a gateway is down the inlet goes on, and what is to be said waits."""
    gateway.down = True
    assert gateway.text(SUMARNO, MESSAGE).ok
    trenggalek.works()
    assert [] == gateway.letters
    gateway.down = False
    sending.carriers_of(trenggalek.runtime)._paces.clear()  # as after the breaker's pause
    trenggalek.works()
    assert 1 == len(gateway.letters)


def test_a_wrong_key_is_refused(trenggalek: Line, gateway: PlayedGateway) -> None:
    """What does not prove to be the gateway's is neither taken nor kept."""
    for url in (gateway.hook, f"{gateway.hook}?key=wrong", f"{gateway.hook}/report?key=", f"{gateway.hook}x?key={KEY}"):
        form = {"id": "1", "from": SUMARNO, "text": MESSAGE, "content": MESSAGE, "time": "1"}
        assert 403 == requests.post(url, data=form, timeout=10).status_code
    assert [] == trenggalek.rows("SELECT 1 FROM channels.heard")


def test_machines_and_short_codes_are_never_answered(trenggalek: Line, gateway: PlayedGateway) -> None:
    """Balance notices, short codes and our own number are kept as odd, and nobody writes back."""
    senders = ("1708", "TELKOMSEL", NUMBER, "", "+1", "XL-Axiata")
    for sender in senders:
        assert gateway.text(sender, "Sisa pulsa Anda Rp 5.000 berlaku sampai besok").ok
    trenggalek.works()
    assert [] == gateway.letters
    assert [("odd",)] * len(senders) == trenggalek.rows("SELECT state FROM channels.heard")


def test_40a_one_sms_under_two_ids_is_one(trenggalek: Line, gateway: PlayedGateway) -> None:
    """Fault 40a: the same words of the same person at the same second of the centre are one SMS."""
    at = datetime.now(UTC) - timedelta(minutes=1)
    for id_ in ("first", "second"):
        assert gateway.text(SUMARNO, MESSAGE, at=at, id_=id_).ok
    trenggalek.works()
    told_by_centre = gateway.format in ("kannel", "smsgate", "vonage")
    assert [(1 if told_by_centre else 2,)] == trenggalek.rows("SELECT count(*) FROM channels.heard")


def test_40_the_second_1_is_not_lost(trenggalek: Line, gateway: PlayedGateway) -> None:
    """Fault 40: two equal texts at two times are two, also where a gateway's id follows from the words."""
    at = datetime.now(UTC) - timedelta(minutes=2)
    says(trenggalek, gateway, MESSAGE)
    assert gateway.text(SUMARNO, "1", at=at).ok
    trenggalek.works()
    assert gateway.text(SUMARNO, "1", at=at + timedelta(seconds=30)).ok
    trenggalek.works()
    assert [(3,)] == trenggalek.rows("SELECT count(*) FROM channels.heard")


@pytest.mark.parametrize("gateway", [SmsGateGateway], indirect=True)
def test_40_a_new_telephone_counts_anew_and_nothing_of_it_is_lost(trenggalek: Line, gateway: PlayedGateway) -> None:
    """Fault 40: what a new telephone hands over under a number that the former one has used is another message."""
    assert isinstance(gateway, SmsGateGateway)
    at = datetime.now(UTC) - timedelta(minutes=5)
    for minute, text in enumerate((MESSAGE, MESSAGE, "Sekarang dua lampu yang mati di sana")):
        when = (at + timedelta(minutes=minute)).isoformat()
        counted = {"messageId": "1", "message": text, "sender": SUMARNO, "receivedAt": when}
        assert gateway._event("mms:received", counted, "1").ok
    trenggalek.works()
    assert [(3,)] == trenggalek.rows("SELECT count(*) FROM channels.heard")


@pytest.mark.parametrize("gateway", [KannelGateway, JasminGateway, VonageGateway], indirect=True)
def test_a_key_may_hold_any_sign(trenggalek: Line, gateway: PlayedGateway) -> None:
    """What became of a letter comes back under the very key that stands in the secret's file."""
    folder, channel = trenggalek.house.channels.secrets_folder, trenggalek.house.channels.find("trenggalek", "sms")
    assert folder is not None
    assert channel is not None
    (folder / "trenggalek.sms.modem.key").write_text("a&letter=b+c %d#e")
    (folder / "trenggalek.sms.modem.key").chmod(0o600)
    channel.carriers["modem"].send(SUMARNO, Words("Aduan Anda dijawab."), key=str(uuid4()))
    assert gateway.report(gateway.letters[-1], "delivered").ok
    assert [("delivered",)] == trenggalek.rows("SELECT state FROM channels.reported")


@pytest.mark.parametrize("gateway", IN_PARTS, indirect=True)
def test_39_a_letter_has_arrived_when_all_its_parts_have(trenggalek: Line, gateway: PlayedGateway) -> None:
    """Faults 39 and 40b: one part is not all of them, and the same part is one however often it is told."""
    assert isinstance(gateway, IN_PARTS)
    says(trenggalek, gateway, MESSAGE)
    trenggalek.rows("UPDATE notify.talks SET parts = 2")
    [letter] = gateway.letters
    states = []
    for part in (1, 1, 1, 1, 2):
        gateway.part(letter, part)
        trenggalek.works()
        states += trenggalek.rows("SELECT state FROM notify.talks")
    assert [*[("accepted",)] * 4, ("delivered",)] == states


@pytest.mark.parametrize("gateway", IN_PARTS, indirect=True)
def test_39_parts_are_counted_also_where_the_answer_was_lost(trenggalek: Line, gateway: PlayedGateway) -> None:
    """Fault 39: of a letter of which nobody said that it was taken, one part that arrived is not all of them."""
    assert isinstance(gateway, IN_PARTS)
    answers_everything(trenggalek, gateway)
    [dossier] = trenggalek.dossiers()
    gateway.mute = 1
    trenggalek.act(dossier, "forward")
    trenggalek.act(dossier, "return", reason="Mohon sebutkan patokan lokasinya. " * 12)
    trenggalek.works()
    letter = gateway.letters[-1]
    parts = gsm.parts(letter["text"])
    assert 1 < parts
    for number in range(1, parts + 1):
        assert "NoticeDelivered" not in trenggalek.types(dossier)[-3:], number
        gateway.part(letter, number)
        trenggalek.works()
    assert "NoticeDelivered" in trenggalek.types(dossier)[-3:]


@pytest.mark.parametrize("gateway", [KannelGateway], indirect=True)
def test_what_was_trusted_and_came_back_was_not_told(database_url: str, tmp_path: Path, gateway: PlayedGateway) -> None:
    """A gateway whose word counts says later that nobody has it: the coordinator's task, once, however often told."""
    with trenggalek_by_sms(database_url, tmp_path, gateway, trusted=True) as trenggalek:
        answers_everything(trenggalek, gateway)
        [dossier] = trenggalek.dossiers()
        trenggalek.act(dossier, "forward")
        trenggalek.act(dossier, "return", reason="Mohon sebutkan patokan lokasinya")
        trenggalek.works()
        told = ("NoticeDelivered", "DeliveryFailed")
        assert ["NoticeDelivered"] == [each for each in trenggalek.types(dossier) if each in told]
        for _ in range(2):
            assert gateway.report(gateway.letters[-1], "failed").ok
            trenggalek.works()
        last = [event for event in trenggalek.history(dossier) if event.type in told]
        assert list(told) == [event.type for event in last]
        assert "sms" == getattr(last[-1], "by", None)


def test_letters_go_by_the_gateway_for_them_and_by_another_while_that_takes_nothing(
    database_url: str, tmp_path: Path
) -> None:
    """Replies go by that by which somebody writes, letters by ``send_by``; a password that was changed on one side
    holds none of them up where there is another gateway, and its word counts.
    """
    secrets = {
        f"trenggalek.sms.{id_}.{name}": word
        for id_ in ("modem", "surat")
        for name, word in (("key", KEY), ("password", PASSWORD))
    }
    with gateway_of(KannelGateway) as modem, gateway_of(KannelGateway) as post:
        gateways = [
            {"id": id_, "format": "kannel", "send_url": each.address, "username": "aduan"}
            for id_, each in (("modem", modem), ("surat", post))
        ]
        more = {"number": NUMBER, "rate": 1000, "send_by": "surat", "gateways": gateways}
        book = json.dumps({"channels": [{"id": "sms", "kind": "sms", **more}]})
        with line(database_url, tmp_path, {"trenggalek": book}, secrets) as trenggalek:
            modem.hook = f"{trenggalek.address}/hooks/v1/trenggalek/sms/modem"
            post.hook = f"{trenggalek.address}/hooks/v1/trenggalek/sms/surat"
            answers_everything(trenggalek, modem)
            assert [] == post.letters
            [dossier] = trenggalek.dossiers()
            trenggalek.act(dossier, "forward")
            trenggalek.act(dossier, "return", reason="Mohon sebutkan patokan lokasinya")
            trenggalek.works()
            assert [SUMARNO] == [letter["to"] for letter in post.letters if "patokan" in letter["text"]]
            replies = len(modem.letters)
            password = tmp_path / "secrets" / "trenggalek.sms.surat.password"
            password.write_text("changed")
            password.chmod(0o600)
            says(trenggalek, modem, "Depan toko Makmur")
            signs = "[1] " * 80  # each of which takes two letters' room
            trenggalek.act(dossier, "return", reason=f"Mohon sebutkan nomor tiangnya {signs}")
            for _ in range(3):
                trenggalek.works()
                trenggalek.later(minutes=10)
            brought = [letter for letter in modem.letters[replies:] if "nomor tiang" in letter["text"]]
            assert [SUMARNO] == [letter["to"] for letter in brought]
            ticket = getattr(trenggalek.history(dossier)[0], "ticket", "")
            assert brought[0]["text"].endswith(f"... {trenggalek.address}/trenggalek/lacak/{ticket}"), "for the rest"
            assert modem.report(brought[0], "delivered").ok
            trenggalek.works()
            assert "NoticeDelivered" in trenggalek.types(dossier)[-3:]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("ą" * 70, 1),
        ("ą" * 71, 2),
        ("😷" * 35, 1),
        ("😷" * 36, 2),
        ("", 1),
    ],
)
def test_42_parts_are_counted_as_networks_do(text: str, parts: int) -> None:
    """Fault 42: septets by letters, two for an extended one, units of sixteen bits beyond the alphabet."""
    assert parts == gsm.parts(text)


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("\u201ckutipan\u201d \u2013 dan\u2026", '"kutipan" - dan...'),
        ("Nguyễn", "Nguyen"),
        ("ok 👍", "ok ?"),
        ("a\u00a0b\u200bc", "a bc"),
        ("[x] {y}", "[x] {y}"),
    ],
)
def test_42_a_typographic_sign_does_not_double_the_price(written: str, sent: str) -> None:
    """Fault 42: signs of print become plain ones; what has no plain form costs a question mark, not the alphabet."""
    assert sent == gsm.plain(written)
    assert gsm.fits(gsm.plain(written))


@pytest.mark.parametrize("end", ["", " https://aduan.example/l", f" https://{'x' * 600}"])
@pytest.mark.parametrize("sign", ["a ", "{ ", "x"])
def test_what_is_cut_keeps_the_address_that_leads_to_the_rest(sign: str, end: str) -> None:
    """Unless that alone is longer than a letter may be."""
    cut = gsm.shortened(f"{sign * 600}{end}", 3)
    assert gsm.parts(cut) <= 3
    assert cut.endswith(f"...{end}" if len(end) < 100 else "...")


@pytest.mark.parametrize("gateway", [KannelGateway], ids=["kannel"], indirect=True)
def test_a_code_for_a_citizens_account_goes_to_their_telephone(trenggalek: Line, gateway: PlayedGateway) -> None:
    """Once; the words name the government and no one else is told."""
    runtime = trenggalek.runtime
    Codes(runtime).ask("trenggalek", CitizensContact("phone", SUMARNO), "1")
    taken = [codes.tick(runtime, sending.carriers_of(runtime)) for _ in range(2)]
    [letter] = gateway.letters

    assert [1, 0] == taken
    assert letter["to"].lstrip("+") == SUMARNO.lstrip("+")
    assert "Kode masuk Layanan Aduan Kabupaten Trenggalek: " in letter["text"]
    assert phone_way(trenggalek.house.channels, "cilacap") is None
