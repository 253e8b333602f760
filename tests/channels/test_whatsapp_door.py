"""What comes to the door of WhatsApp: taken if it is signed, each item of it once, and nothing else."""

import hmac
from hashlib import sha256

import pytest
import requests

from cli.providers.whatsapp import BUSINESS, NUMBER, SECRET, VERIFY, WhatsAppProvider, escaped
from shared.channels.kinds.parsing import MOST_BYTES
from tests.channels.by_whatsapp import SITI, said
from tests.channels.line import Line
from tests.channels.talking import COMPLAINT


def test_01_one_message_delivered_twice_files_once(cilacap: Line, whatsapp: WhatsAppProvider) -> None:
    """Fault 1: a repeated delivery, in the same breath or when it was answered, is taken like the first and changes
    nothing.
    """
    message = whatsapp.text(SITI, COMPLAINT)
    answers = [whatsapp.deliver(message, message).status_code for _ in range(3)]
    cilacap.works()
    answers.append(whatsapp.deliver(message).status_code)
    cilacap.works()
    assert [200] * 4 == answers
    assert 1 == len(whatsapp.letters_to(SITI))
    assert [(1,)] == cilacap.rows("SELECT count(*) FROM channels.heard")


def test_03_every_item_of_a_delivery_is_read(cilacap: Line, whatsapp: WhatsAppProvider) -> None:
    """Faults 3 and 4: of each entry, each change and each list in them every message and status is dealt with, whatever
    nonsense stands beside it.
    """
    odd = [
        {"field": "messages", "value": {"metadata": {"phone_number_id": NUMBER}, "messages": [{"id": "x"}, "y", 3]}},
        {"field": "account_update", "value": {}},
        whatsapp.change({"statuses": [{"id": "wamid.unknown", "status": "delivered", "timestamp": "1"}]}),
        whatsapp.change({"messages": [{"id": "z", "from": SITI, "timestamp": "soon", "type": "text"}]}),
        whatsapp.change({"messages": [{"id": "w", "from": SITI, "timestamp": "1"}]}, number="1"),
    ]
    first, second, third, fourth = (whatsapp.text(f"62812345678{n}0", f"{COMPLAINT} nomor {n}") for n in range(4))
    for name in ("contacts", "messages"):  # two people's in one change
        first["value"][name] += second["value"][name]
    entries = [[*odd, first, *odd], odd, [third, fourth]]
    body = {"object": "whatsapp_business_account", "entry": [{"id": BUSINESS, "changes": each} for each in entries]}
    assert 200 == whatsapp.deliver_raw(escaped(body)).status_code
    cilacap.works()
    assert [1] * 4 == [len(whatsapp.letters_to(f"62812345678{n}0")) for n in range(4)]
    assert 0 < cilacap.rows("SELECT count(*) FROM channels.heard WHERE state = 'odd'")[0][0]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Hub-Signature-256": ""},
        {"X-Hub-Signature-256": "sha256=" + "0" * 64},
        {"X-Hub-Signature-256": "sha256=" + "0" * 63},
        {"X-Hub-Signature": "sha1=" + "0" * 40},
    ],
)
def test_24_what_is_not_signed_is_refused_and_not_kept(
    cilacap: Line, whatsapp: WhatsAppProvider, headers: dict[str, str]
) -> None:
    """Fault 24: without a good signature over the raw bytes nothing is taken, whatever it says."""
    body = escaped({"object": "whatsapp_business_account", "entry": [{"changes": [whatsapp.text(SITI, COMPLAINT)]}]})
    answer = requests.post(whatsapp.hook, data=body, headers=headers, timeout=10)
    assert 403 == answer.status_code
    assert [] == cilacap.rows("SELECT 1 FROM channels.heard")


def test_24_emoji_and_slashes_verify(cilacap: Line, whatsapp: WhatsAppProvider) -> None:
    """Fault 24: what the provider escapes is checked as it came, not as it is written anew."""
    text = "Sampah menumpuk 😷 di jalan Kenanga/Mawar @ RT 3, sudah seminggu"
    assert 200 == whatsapp.deliver(whatsapp.text(SITI, text)).status_code
    cilacap.works()
    assert text in said(whatsapp)


def test_a_changed_secret_is_taken_beside_the_former(cilacap: Line, whatsapp: WhatsAppProvider) -> None:
    """While an app's secret is being changed, both verify; afterwards only the new one."""
    folder = cilacap.house.channels.secrets_folder
    assert folder is not None
    for name, secret in (("app_secret", "new"), ("app_secret_previous", SECRET)):
        file = folder / f"cilacap.whatsapp.{name}"
        file.write_text(secret)
        file.chmod(0o600)
    assert [200, 200, 403] == [whatsapp.deliver_raw(b"{}", key).status_code for key in ("new", SECRET, "other")]


def test_25_the_handshake_is_answered_with_its_word_alone(cilacap: Line, whatsapp: WhatsAppProvider) -> None:
    """Fault 25: subscribing carries no signature; the challenge comes back alone, and only for the right word."""
    asked = {"hub.mode": "subscribe", "hub.verify_token": VERIFY, "hub.challenge": "1158201444"}
    good = requests.get(whatsapp.hook, params=asked, timeout=10)
    assert (200, b"1158201444") == (good.status_code, good.content)
    for wrong in ({"hub.verify_token": "x"}, {"hub.mode": "x"}, {"hub.challenge": "<script>"}):
        answer = requests.get(whatsapp.hook, params={**asked, **wrong}, timeout=10)
        assert 403 == answer.status_code
        assert b"script" not in answer.content


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b"{",
        b'{"object": 1}',
        b'{"object": "whatsapp_business_account", "entry": 3}',
        b"[" * 3000,
        b'{"object": "whatsapp_business_account", "entry": [{"changes": [{"field": "messages", "value": []}]}]}',
        b"\xff\xfe",
    ],
)
def test_what_is_signed_and_unusable_is_answered_as_success(
    cilacap: Line, whatsapp: WhatsAppProvider, body: bytes
) -> None:
    """Else it would be repeated for a week."""
    assert 200 == whatsapp.deliver_raw(body).status_code
    cilacap.works()
    assert [] == cilacap.dossiers()


def test_a_delivery_larger_than_any_is_refused_and_not_kept(cilacap: Line, whatsapp: WhatsAppProvider) -> None:
    """Of so many bytes nobody has to find out whether they are signed."""
    client = cilacap.app.test_client()  # over the network it may be cut off before it has read the answer
    answers = []
    for length in (MOST_BYTES, MOST_BYTES + 1):
        body = b" " * length
        signed = f"sha256={hmac.new(SECRET.encode(), body, sha256).hexdigest()}"
        answer = client.post("/hooks/v1/cilacap/whatsapp", data=body, headers={"X-Hub-Signature-256": signed})
        answers.append((answer.status_code, cilacap.rows("SELECT count(*) FROM channels.heard")))
    assert [(200, [(1,)]), (413, [(1,)])] == answers


def test_a_delivery_that_says_a_thing_twice_is_refused(cilacap: Line, whatsapp: WhatsAppProvider) -> None:
    """As by the API, at whatever depth: neither of the two is taken for the other in silence."""
    entry = [{"id": "1", "changes": [whatsapp.text(SITI, COMPLAINT)]}]
    body = escaped({"object": "whatsapp_business_account", "entry": entry})
    twice = [
        body.replace(given + b":", given + b': "Lampu mati", ' + given + b":", 1)
        for given in (b'"object"', b'"entry"', b'"changes"', b'"from"', b'"body"', b'"id"')
    ]
    answers = [whatsapp.deliver_raw(each) for each in twice]
    assert [(422, "invalid_fields")] * 6 == [(each.status_code, each.json()["code"]) for each in answers]
    cilacap.works()
    assert [] == whatsapp.letters_to(SITI)


def test_however_much_one_delivery_holds_all_of_it_is_written_down(cilacap: Line, whatsapp: WhatsAppProvider) -> None:
    """What a provider was thanked for it does not deliver again."""
    letters = [{"wamid": f"wamid.of-another-{number}"} for number in range(1_001)]
    assert whatsapp.deliver(*(whatsapp.status(letter, "sent") for letter in letters)).ok
    assert [(1_001,)] == cilacap.rows("SELECT count(*) FROM channels.reported")
