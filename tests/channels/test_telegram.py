"""Telegram, from the first message to the answer."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from channels.polling import look
from cli.providers.telegram import BOT, SECRET, TOKEN, TelegramProvider, telegram_provider
from shared.channels.carrier import Refused
from tests.channels.line import Line, line
from tests.channels.talking import COMPLAINT

SITI = 987654321
BOOK = """
channels:
  - {{id: telegram, kind: telegram, extra: true, api: "{address}", bot: {bot}}}
"""


@pytest.fixture
def telegram() -> Iterator[TelegramProvider]:
    """A provider of Telegram."""
    with telegram_provider() as provider:
        yield provider


@pytest.fixture
def cilacap(database_url: str, tmp_path: Path, telegram: TelegramProvider) -> Iterator[Line]:
    """An installation where Cilacap has a bot beside its SOP."""
    secrets = {"cilacap.telegram.bot_token": TOKEN, "cilacap.telegram.secret_token": SECRET}
    books = {"cilacap": BOOK.format(address=telegram.address, bot=BOT)}
    with line(database_url, tmp_path, books, secrets) as made:
        telegram.hook = f"{made.address}/hooks/v1/cilacap/telegram"
        yield made


def test_a_complaint_by_telegram_and_its_answer(cilacap: Line, telegram: TelegramProvider, photo: bytes) -> None:
    """Filed with its photo by buttons and words, answered in the same chat; a press is answered at once."""
    assert telegram.photo(SITI, photo, COMPLAINT).ok
    cilacap.works()
    pressed = telegram.press(SITI, "Ya, kirim")
    assert "answerCallbackQuery" == pressed.json()["method"]
    cilacap.works()
    telegram.press(SITI, "Siti Rahayu")
    cilacap.works()
    telegram.text(SITI, "RT 02 RW 01 Hanum")
    cilacap.works()
    telegram.press(SITI, "Terbuka")
    cilacap.works()
    [dossier] = cilacap.dossiers()
    assert "CLP-" in telegram.letters[-1]["text"]
    assert "FileAdded" in cilacap.types(dossier)
    cilacap.act(dossier, "return", reason="Mohon sebutkan patokan lokasinya")
    cilacap.works()
    assert "patokan" in telegram.letters[-1]["text"]
    [told] = [event for event in cilacap.history(dossier) if event.type == "NoticeDelivered"]
    assert "channel" == getattr(told, "by", None)


def test_who_has_blocked_the_bot_is_the_coordinators_task(cilacap: Line, telegram: TelegramProvider) -> None:
    """And a provider that is busy is asked again when it says."""
    telegram.busy = 1
    for text in (COMPLAINT, "ya", "Siti Rahayu", "RT 02 RW 01 Hanum"):
        telegram.text(SITI, text)
        cilacap.works()
    telegram.press(SITI, "Terbuka")
    cilacap.works()
    [dossier] = cilacap.dossiers()
    telegram.blocked.add(str(SITI))
    cilacap.act(dossier, "return", reason="Mohon sebutkan patokan lokasinya")
    cilacap.works()
    assert "DeliveryFailed" in cilacap.types(dossier)


def test_groups_bots_and_strangers_are_not_heard(cilacap: Line, telegram: TelegramProvider) -> None:
    """Only private chats are answered, and only what bears the hook's word is taken."""
    assert 403 == telegram.deliver({"update_id": 1}, "wrong").status_code
    telegram.message(SITI, {"text": COMPLAINT}, chat="group")
    telegram.message(SITI, {"text": COMPLAINT, "from": {"id": 5, "is_bot": True}})
    telegram.deliver({"update_id": 99, "my_chat_member": {}})
    cilacap.works()
    assert [] == telegram.letters
    assert [("odd",)] * 3 == cilacap.rows("SELECT state FROM channels.heard")


def test_a_bot_without_a_public_address_fetches_its_updates(
    database_url: str, tmp_path: Path, telegram: TelegramProvider
) -> None:
    """Every update is written down before the provider is told so, once; a press is answered; no hook may be set."""
    book = BOOK.format(address=telegram.address, bot=BOT).replace(f"bot: {BOT}", f"bot: {BOT}, poll: 1 s")
    with line(database_url, tmp_path, {"cilacap": book}, {"cilacap.telegram.bot_token": TOKEN}) as made:
        channel = made.house.channels.find("cilacap", "telegram")
        assert channel is not None
        assert channel.polled is not None
        assert channel.incoming is not None

        def fetched() -> None:
            assert channel.polled is not None
            assert channel.incoming is not None
            look(made.house, "cilacap", "telegram", channel.polled, channel.incoming)

        telegram.text(SITI, COMPLAINT)
        fetched()
        fetched()
        made.works()
        telegram.press(SITI, "Ya, kirim")
        fetched()
        made.works()
        assert "nama lengkap" in telegram.letters[-1]["text"]
        assert 1 == len(telegram.presses)
        assert [(2,)] == made.rows("SELECT count(*) FROM channels.heard")
        fetched()
        assert [] == telegram.waiting
        assert [] == channel.polled.check()
        telegram.hook = "https://elsewhere.example"
        assert ["deleteWebhook" in each for each in channel.polled.check()] == [True]
        with pytest.raises(Refused):
            fetched()
