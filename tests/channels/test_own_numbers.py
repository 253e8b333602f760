"""Numbers that people give of themselves: their telephone's, by a button, and their identity's."""

from typing import Any

import pytest

from cli.providers.telegram import TelegramProvider
from shared.channels.talk.world import Act
from shared.domain.complaint.identity import identity_oddity
from shared.domain.dossier.contents import complaint_of, opened
from tests.channels.by_telegram import SITI
from tests.channels.line import Line
from tests.channels.talking import AT_WORK, COMPLAINT, TRENGGALEK, Telephone, texts

NUMBER = "+6281234567890"


def files_one(cilacap: Line, provider: TelegramProvider) -> None:
    """From the first word to the receipt."""
    for text in (COMPLAINT, "ya", "Siti Rahayu", "RT 02 RW 01 Hanum"):
        provider.text(SITI, text)
        cilacap.works()
    provider.press(SITI, "Terbuka")
    cilacap.works()


def card(number: str = "6281234567890", **more: Any) -> dict[str, Any]:
    """A contact as Telegram brings it."""
    return {"phone_number": number, "first_name": "Siti", **more}


def test_who_wants_a_call_gives_the_own_number_by_a_button(by_telegram: Line, telegram: TelegramProvider) -> None:
    """The desk reads it in the complaint; the next complaint bears it, and nobody is asked for it again."""
    cilacap, provider = by_telegram, telegram
    files_one(cilacap, provider)
    provider.text(SITI, "petugas")
    cilacap.works()
    [[button]] = provider.letters[-1]["reply_markup"]["keyboard"]
    assert (True, "Bagikan nomor saya") == (button["request_contact"], button["text"])
    provider.message(SITI, {"contact": card(user_id=SITI)})
    cilacap.works()
    [dossier] = cilacap.dossiers()
    key = cilacap.runtime.vault.keys(None, [dossier])[dossier]
    added = [str(opened(event, key).get("message")) for event in cilacap.history(dossier) if event.type == "Added"]
    assert f"Nomor telepon saya: {NUMBER}" == added[-1]
    provider.text(SITI, "petugas")
    cilacap.works()
    assert "reply_markup" not in provider.letters[-1]
    cilacap.later(minutes=5)
    files_one(cilacap, provider)
    second = cilacap.dossiers()[-1]
    assert second != dossier
    complaint = complaint_of(cilacap.history(second), cilacap.runtime.vault.keys(None, [second])[second])
    assert NUMBER == complaint["reporter"]["phone"]


@pytest.mark.parametrize(
    "said",
    [
        {"contact": card(user_id=SITI + 1)},
        {"contact": card()},
        {"contact": card(user_id=SITI), "forward_origin": {"type": "hidden_user"}},
        {"contact": card("12345", user_id=SITI)},
    ],
)
def test_anybody_elses_card_is_nobodys_number(
    by_telegram: Line, telegram: TelegramProvider, said: dict[str, Any]
) -> None:
    """Of another user, of nobody known there, passed on, or no number: it is written down as words, as ever."""
    cilacap, provider = by_telegram, telegram
    provider.message(SITI, said)
    cilacap.works()
    assert "Kartu kontak tidak dapat kami simpan" in provider.letters[-1]["text"]
    files_one(cilacap, provider)
    [dossier] = cilacap.dossiers()
    complaint = complaint_of(cilacap.history(dossier), cilacap.runtime.vault.keys(None, [dossier])[dossier])
    assert "phone" not in complaint["reporter"]


def test_a_number_that_a_procedure_needs_is_asked_for() -> None:
    """Written, or by the button; who is known by it is not asked."""
    required = ("reporter.phone", "message")
    written, pressed, known = (Telephone(required, shares_number=True, number=each) for each in (False, False, True))
    for each in (written, pressed, known):
        each.writes(COMPLAINT)
        each.writes("ya")
    assert "Berapa nomor telepon Anda" in texts(written.words())
    assert ["Bagikan nomor saya"] == [each.number for each in written.words()]
    assert "tampaknya tidak lengkap" in texts(written.writes("nol delapan"))
    written.writes("0812-3456-7890")
    pressed.happens(pressed.message("", kind="contact", number=NUMBER))
    for each in (written, pressed):
        assert each.talk.draft is not None
        assert NUMBER == each.talk.draft.fields["reporter.phone"]
        assert "review" == each.talk.state
    assert "review" == known.talk.state


def test_a_number_that_comes_unasked_goes_to_the_complaint_at_work_or_is_kept() -> None:
    """It never becomes a complaint of its own."""
    idle, filing = Telephone(shares_number=True), Telephone(shares_number=True)
    filing.writes(COMPLAINT)
    assert "hanya petugas yang melihatnya" in texts(idle.happens(idle.message("", kind="contact", number=NUMBER)))
    assert "hanya petugas yang melihatnya" in texts(filing.happens(filing.message("", kind="contact", number=NUMBER)))
    assert "draft" == filing.talk.state
    idle.owns(AT_WORK)
    idle.happens(idle.message("", kind="contact", number=NUMBER))
    assert Act(AT_WORK.ticket, "add", "m2", {"text": f"Nomor telepon saya: {NUMBER}"}) == idle.acts[-1]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("3503010101800002", None),
        ("35 03.01-4101800002", None),
        ("\uff13503010101800002", None),
        ("3301012902000001", None),
        ("3301016902960001", None),
        ("350301010180000", "length"),
        ("35030101018000022", "length"),
        ("tidak ada", "length"),
        ("3503010101800000", "length"),
        ("0003010101800002", "region"),
        ("9903010101800002", "region"),
        ("3500010101800002", "region"),
        ("3503000101800002", "region"),
        ("3503010001800002", "date"),
        ("3503013201800002", "date"),
        ("3503014001800002", "date"),
        ("3503017201800002", "date"),
        ("3503010113800002", "date"),
        ("3503013002800002", "date"),
        ("3503012902810002", "date"),
    ],
)
def test_what_is_odd_about_a_number_of_an_identity(written: str, expected: str | None) -> None:
    """Its length, a region that is none, a day that is none; a woman's day is counted from 41."""
    assert expected == identity_oddity(written)


def test_an_odd_number_of_an_identity_is_told_once_and_then_taken() -> None:
    """What is odd is said, the number itself never; asked again once, it is kept as it was written."""
    siti = Telephone(TRENGGALEK, short=True, categories=("Jalan",))
    siti.writes(COMPLAINT)
    siti.writes("1")
    siti.writes("Siti Rahayu")
    odd = "3503013002800002"
    assert "bukan tanggal lahir" in texts(siti.writes(odd))
    assert "mencocokkannya" in texts(siti.writes(odd))
    assert siti.talk.draft is not None
    assert odd == siti.talk.draft.fields["reporter.identity"]
    assert odd not in texts(siti.words())
