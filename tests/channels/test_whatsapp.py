"""WhatsApp, from the first message without address to the answer read on the same telephone."""

import json
from typing import Any

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from channels.working import tick
from cli.providers.whatsapp import NUMBER, SECRET, VERIFY, WhatsAppProvider, choices_of, escaped
from services.notify import sending, talking
from shared.channels.kinds.whatsapp.outgoing import flattened
from shared.domain.dossier.contents import complaint_of
from tests.channels.by_whatsapp import SITI, files_one, said
from tests.channels.line import Line
from tests.channels.talking import COMPLAINT


def test_cilacap_from_the_first_message_to_the_answer(cilacap: Line, whatsapp: WhatsAppProvider) -> None:
    """A complaint by WhatsApp is filed, answered by WhatsApp, and counts as told when the provider says so."""
    files_one(cilacap, whatsapp)
    [dossier] = cilacap.dossiers()
    history = cilacap.history(dossier)
    complaint = complaint_of(history, cilacap.runtime.vault.keys(None, [dossier])[dossier])
    assert "whatsapp" == complaint["channel"]
    assert COMPLAINT == complaint["message"]
    assert "anonymous" == complaint["privacy"]
    assert ("Siti Rahayu", "+6281234567890") == (complaint["reporter"]["name"], complaint["reporter"]["phone"])
    assert "CLP-" in said(whatsapp)
    assert "Kode lacak" in said(whatsapp)

    cilacap.act(dossier, "dispose", agency="dpupr")
    for _ in range(4):
        cilacap.act(dossier, "forward")
    cilacap.act(dossier, "answer", text="Jalan sudah kami tambal kemarin sore.")
    cilacap.works()
    assert "Jalan sudah kami tambal" in said(whatsapp)
    assert "AnswerDelivered" not in cilacap.types(dossier)
    whatsapp.deliver(whatsapp.status(whatsapp.letters_to(SITI)[-1], "delivered"))
    cilacap.works()
    [told] = [event for event in cilacap.history(dossier) if event.type == "AnswerDelivered"]
    assert "whatsapp" == getattr(told, "by", None)


def test_a_return_is_answered_by_writing_back(cilacap: Line, whatsapp: WhatsAppProvider) -> None:
    """A complaint that is returned is completed by a plain reply, however short."""
    files_one(cilacap, whatsapp)
    [dossier] = cilacap.dossiers()
    cilacap.act(dossier, "return", reason="Mohon sebutkan patokan lokasinya")
    cilacap.works()
    assert "patokan" in said(whatsapp)
    whatsapp.deliver(whatsapp.text(SITI, "Toko Makmur"))
    cilacap.works()
    assert "Supplemented" in cilacap.types(dossier)
    assert "sudah kami teruskan" in said(whatsapp)


def test_09_a_photo_becomes_a_file_of_the_complaint(cilacap: Line, whatsapp: WhatsAppProvider, photo: bytes) -> None:
    """Fault 9: a photo whose first download fails is looked up anew; it lies in the dossier and nowhere else."""
    whatsapp.failing_downloads = 1
    whatsapp.deliver(whatsapp.photo(SITI, photo, caption=COMPLAINT, name="Siti"))
    cilacap.works()
    for title in ("Ya, kirim", "Siti"):
        whatsapp.deliver(whatsapp.press(SITI, title))
        cilacap.works()
    whatsapp.deliver(whatsapp.text(SITI, "RT 02 RW 01 Hanum Dayeuhluhur"))
    cilacap.works()
    whatsapp.deliver(whatsapp.press(SITI, "Terbuka"))
    cilacap.works()
    [dossier] = cilacap.dossiers()
    assert "FileAdded" in cilacap.types(dossier)
    assert [] == cilacap.rows("SELECT 1 FROM channels.media")


def test_what_is_written_late_is_added_to_the_dossier(cilacap: Line, whatsapp: WhatsAppProvider, photo: bytes) -> None:
    """Rule 7: a word and a photo that quote a letter of ours lie in the dossier at work, and nothing new is begun."""
    files_one(cilacap, whatsapp)
    [dossier] = cilacap.dossiers()
    cilacap.act(dossier, "dispose", agency="dpupr")
    receipt = whatsapp.letters_to(SITI)[-1]["wamid"]
    late = whatsapp.photo(SITI, photo, caption="Sekarang lubangnya dua", context={"id": receipt})
    whatsapp.deliver(late)
    cilacap.works()
    history = cilacap.history(dossier)
    complaint = complaint_of(history, cilacap.runtime.vault.keys(None, [dossier])[dossier])
    assert ["Sekarang lubangnya dua"] == [each["message"] for each in complaint["additions"]]
    assert ["FileAdded", "Added"] == [event.type for event in history][-2:]
    assert "sudah kami catat" in said(whatsapp)
    assert [dossier] == cilacap.dossiers()


def test_01_one_message_delivered_twice_files_once(cilacap: Line, whatsapp: WhatsAppProvider) -> None:
    """Fault 1: a repeated delivery, also in the same breath, is answered like the first and changes nothing."""
    message = whatsapp.text(SITI, COMPLAINT)
    answers = [whatsapp.deliver(message, message).status_code for _ in range(3)]
    cilacap.works()
    assert [200] * 3 == answers
    assert 1 == len(whatsapp.letters_to(SITI))
    assert [(1,)] == cilacap.rows("SELECT count(*) FROM channels.heard")


def test_03_every_item_of_a_delivery_is_read(cilacap: Line, whatsapp: WhatsAppProvider) -> None:
    """Faults 3 and 4: of several people's messages, statuses and nonsense in one delivery, each is dealt with."""
    odd = [
        {"field": "messages", "value": {"metadata": {"phone_number_id": NUMBER}, "messages": [{"id": "x"}, "y", 3]}},
        {"field": "account_update", "value": {}},
        whatsapp.change({"statuses": [{"id": "wamid.unknown", "status": "delivered", "timestamp": "1"}]}),
        whatsapp.change({"messages": [{"id": "z", "from": SITI, "timestamp": "soon", "type": "text"}]}),
        whatsapp.change({"messages": [{"id": "w", "from": SITI, "timestamp": "1"}]}, number="1"),
    ]
    people = [whatsapp.text(f"62812345678{n}0", f"{COMPLAINT} nomor {n}") for n in range(3)]
    assert 200 == whatsapp.deliver(*odd, *people, *odd).status_code
    cilacap.works()
    assert [1, 1, 1] == [len(whatsapp.letters_to(f"62812345678{n}0")) for n in range(3)]
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


def test_10_outside_the_day_a_template_goes_out(cilacap: Line, whatsapp: WhatsAppProvider) -> None:
    """Faults 10 and 11: a day after the person's last message an answer goes out by the approved template."""
    files_one(cilacap, whatsapp)
    [dossier] = cilacap.dossiers()
    whatsapp.open_windows = set()
    cilacap.later(hours=30)
    cilacap.act(dossier, "dispose", agency="dpupr")
    for _ in range(4):
        cilacap.act(dossier, "forward")
    cilacap.act(dossier, "answer", text="Sudah ditambal.\n\n   Terima\tkasih     atas laporannya.")
    cilacap.works()
    letter = whatsapp.letters_to(SITI)[-1]
    assert "aduan_dijawab" == letter["template"]["name"]
    values = [value["text"] for value in letter["template"]["components"][0]["parameters"]]
    assert 2 == len(values)
    assert not [value for value in values if "\n" in value or "\t" in value or "     " in value or not value]


def test_08_a_letter_that_cannot_be_brought_is_the_coordinators_task(cilacap: Line, whatsapp: WhatsAppProvider) -> None:
    """Fault 8: no WhatsApp number any more, and no other way: the failure is in the log, with the provider's code."""
    files_one(cilacap, whatsapp)
    [dossier] = cilacap.dossiers()
    cilacap.act(dossier, "return", reason="Mohon sebutkan patokan lokasinya")
    cilacap.works()
    whatsapp.deliver(whatsapp.status(whatsapp.letters_to(SITI)[-1], "failed", errors=[{"code": 131026}]))
    cilacap.works()
    [failed] = [event for event in cilacap.history(dossier) if event.type == "DeliveryFailed"]
    assert ("whatsapp", "131026") == (getattr(failed, "by", None), getattr(failed, "reason", None))


def test_19_who_hides_the_number_is_answered_by_their_id(cilacap: Line, whatsapp: WhatsAppProvider) -> None:
    """Faults 19 and 20: a person without a number complains and is written to as `recipient`, never as `to`."""
    hidden = "ID.1A2b3C4d5E6f"
    files_one(cilacap, whatsapp, number=hidden)
    [dossier] = cilacap.dossiers()
    complaint = complaint_of(cilacap.history(dossier), cilacap.runtime.vault.keys(None, [dossier])[dossier])
    assert "phone" not in complaint["reporter"]
    assert {hidden} == {letter["recipient"] for letter in whatsapp.letters}


def test_21_an_expired_token_is_not_hammered(cilacap: Line, whatsapp: WhatsAppProvider) -> None:
    """Fault 21: a token that is refused shuts the account for a while; the reply is sent when it opens again."""
    whatsapp.refusals = [190] * 50
    whatsapp.deliver(whatsapp.text(SITI, COMPLAINT))
    for _ in range(5):
        cilacap.settled()
        tick(cilacap.house)
        talking.tick(cilacap.runtime, sending.carriers_of(cilacap.runtime))
    assert 49 == len(whatsapp.refusals)
    assert [("planned",)] == cilacap.rows("SELECT state FROM notify.talks")


def test_a_reply_whose_answer_was_lost_is_found_by_our_key(cilacap: Line, whatsapp: WhatsAppProvider) -> None:
    """A letter taken without an answer is not sent twice, if a status with our key tells that it was taken."""
    whatsapp.mute = 1
    whatsapp.deliver(whatsapp.text(SITI, COMPLAINT))
    cilacap.settled()
    while tick(cilacap.house):
        pass
    talking.tick(cilacap.runtime, sending.carriers_of(cilacap.runtime))
    assert [("unknown",)] == cilacap.rows("SELECT state FROM notify.talks")
    whatsapp.deliver(whatsapp.status(whatsapp.letters[-1], "sent"))
    cilacap.works()
    assert 1 == len(whatsapp.letters)
    assert [("sent", "wamid.out1")] == cilacap.rows("SELECT state, provider_id FROM notify.talks")


def test_nothing_personal_lies_in_clear(cilacap: Line, whatsapp: WhatsAppProvider) -> None:
    """No number, name, address or text stands readable in any table of channels or notify."""
    files_one(cilacap, whatsapp)
    tables = cilacap.rows(
        "SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('channels', 'notify', 'eventstore')"
    )
    for schema, table in tables:
        content = json.dumps(cilacap.rows(f"SELECT * FROM {schema}.{table}"), default=_shown)
        for private in (SITI, SITI[2:], "Siti", "Hanum", "berlubang"):
            assert private not in content, (schema, table, private)


def _shown(value: Any) -> str:
    return bytes(value).decode("latin-1") if isinstance(value, memoryview) else str(value)


@given(st.text(st.one_of(st.characters(), st.sampled_from(" \n\t\r")), max_size=1200))
def test_14_a_template_never_has_an_empty_value(value: str) -> None:
    """Faults 13 and 14: whatever people write fills a template's place in one line, never empty, never too long."""
    made = flattened(value)
    assert made.strip()
    assert len(made) <= 1024
    assert not [sign for sign in ("\n", "\r", "\t", "     ") if sign in made]


def test_choices_are_what_the_provider_takes(cilacap: Line, whatsapp: WhatsAppProvider) -> None:
    """Buttons have at most twenty letters, are three at most, and distinct."""
    files_one(cilacap, whatsapp)
    for letter in whatsapp.letters:
        offered = choices_of(letter)
        assert len(offered) <= 10
        assert all(len(title) <= 24 for _, title in offered)
        assert len(offered) == len({id_ for id_, _ in offered})
