"""Telegram, from the first message to the answer."""

from pathlib import Path

import pytest

from channels.polling import look
from cli.providers.telegram import BOT, TOKEN, TelegramProvider
from services.notify import batch, planning, sending
from shared.channels.asking import faults_of
from shared.channels.carrier import Choice, Enclosure, Maybe, Refused, Words
from shared.channels.incoming import Pin
from shared.channels.kinds.telegram_messages import said_in
from tests.channels.by_telegram import BOOK, SITI
from tests.channels.line import Line, line
from tests.channels.talking import COMPLAINT


@pytest.fixture
def cilacap(by_telegram: Line) -> Line:
    """The installation of these tests."""
    return by_telegram


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
    assert [(1,)] == cilacap.rows("SELECT count(*) FROM channels.heard WHERE reason = 'membership'")


def test_what_was_written_before_a_press_is_read_before_it(cilacap: Line, telegram: TelegramProvider) -> None:
    """Also in the same breath: of a press the provider tells when the letter came in which it was, and not its own."""
    telegram.text(SITI, COMPLAINT)
    cilacap.works()
    telegram.text(SITI, "Dekat pasar Hanum.")
    telegram.press(SITI, "Ya, kirim")
    cilacap.works()

    assert "nama lengkap" in telegram.letters[-1]["text"]


def test_a_pin_is_asked_for_by_a_button(cilacap: Line, telegram: TelegramProvider) -> None:
    """Beneath the message, and gone once it was pressed."""
    carrier = next(iter(cilacap.house.channels.find("cilacap", "telegram").carriers.values()))  # type: ignore[union-attr]
    carrier.send(str(SITI), Words("Kirim lokasinya.", place="Kirim lokasi"), key="k")
    keyboard = telegram.letters[-1]["reply_markup"]
    assert [[{"text": "Kirim lokasi", "request_location": True}]] == keyboard["keyboard"]
    assert keyboard["one_time_keyboard"]


def test_a_place_that_was_picked_by_its_name_keeps_it() -> None:
    """As WhatsApp's does: the market's name says more to a desk than where it lies."""
    venue = {"title": "Pasar Kroya", "address": "Jl. Jend. Sudirman"}
    told = {"location": {"latitude": -7.63, "longitude": 109.24}}
    assert ("place", {"place": Pin(-7.63, 109.24, "Pasar Kroya, Jl. Jend. Sudirman")}) == said_in(
        {**told, "venue": venue}
    )
    assert ("place", {"place": Pin(-7.63, 109.24)}) == said_in(told)


@pytest.mark.parametrize("words", ["/start", "/start desa-hanum"])
def test_whoever_comes_by_a_link_sees_what_is_to_be_had(words: str) -> None:
    """Also by one of a poster's, which bears a word of its own: it is no answer, and no complaint."""
    assert ("text", {"text": "menu"}) == said_in({"text": words})


def test_a_success_that_names_no_letter_is_no_yes(cilacap: Line, telegram: TelegramProvider) -> None:
    """Whoever answers something else than the provider does has not said that the letter was taken."""
    carrier = next(iter(cilacap.house.channels.find("cilacap", "telegram").carriers.values()))  # type: ignore[union-attr]
    telegram.vague = 1
    with pytest.raises(Maybe):
        carrier.send(str(SITI), Words("Sudah ditambal."), key="k")


def test_a_hook_that_leads_elsewhere_or_fails_is_told(cilacap: Line, telegram: TelegramProvider) -> None:
    """Nobody would write to a bot of which nothing comes: what is not delivered here is found out by asking."""
    channel = cilacap.house.channels.find("cilacap", "telegram")
    assert channel is not None
    assert [] == faults_of(channel)
    ours = telegram.hook
    for hook, word in ((f"{ours}/x", "elsewhere"), ("", "no hook is set")):
        telegram.hook = hook
        assert [word in each and ours in each for each in faults_of(channel)] == [True]
    telegram.hook, telegram.failing = ours, "Wrong response from the webhook: 403 Forbidden"
    assert [telegram.failing in each for each in faults_of(channel)] == [True]


def test_two_edits_within_a_second_are_two(cilacap: Line, telegram: TelegramProvider) -> None:
    """Of an edit the provider tells the second only: what was written last counts, and none is taken for a repeat."""
    telegram.text(SITI, COMPLAINT)
    for words in ("Jalan rusak di Hanum", "Jalan rusak di Dayeuhluhur, dekat pasar"):
        telegram.edit(words)
    telegram.repeat()
    cilacap.works()
    assert "Dayeuhluhur, dekat pasar" in telegram.letters[-1]["text"]
    assert [(3,)] == cilacap.rows("SELECT count(*) FROM channels.heard")


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
        telegram.too_late = True  # nobody fetched for an hour: that is no trouble of the bot's
        telegram.press(SITI, "Ya, kirim")
        fetched()
        fetched()
        assert [] == telegram.waiting
        assert [] == channel.polled.check()
        telegram.hook = "https://elsewhere.example"
        assert ["deleteWebhook" in each for each in channel.polled.check()] == [True]
        with pytest.raises(Refused):
            fetched()


def test_a_letter_brings_its_paper_and_all_its_words(cilacap: Line, telegram: TelegramProvider) -> None:
    """The paper comes first; what is too long for one message comes in several, what can be pressed below the last."""
    carrier = next(iter(cilacap.house.channels.find("cilacap", "telegram").carriers.values()))  # type: ignore[union-attr]
    text = "Jalan ditambal pekan ini. \U0001f6e0\n" * 300
    paper = Enclosure("Surat jawaban.pdf", "application/pdf", b"%PDF-1.7 \r\n\x00\xff")
    carrier.send(str(SITI), Words(text, choices=(Choice("yes", "Ya"),), files=(paper,)), key="k")
    first, *parts = telegram.letters
    assert (paper.name, paper.content) == (first["text"], first["document"])
    assert all(len(each["text"].encode("utf-16-le")) <= 2 * 4096 for each in parts)
    assert 300 == sum(each["text"].count("ditambal") for each in parts) > len(parts) > 1
    assert [False, True] == ["reply_markup" in each for each in parts[-2:]]


def test_what_was_taken_of_a_long_letter_is_not_said_again(cilacap: Line, telegram: TelegramProvider) -> None:
    """Busy in the middle: what is tried again goes on from there, and each part comes once."""
    carrier = next(iter(cilacap.house.channels.find("cilacap", "telegram").carriers.values()))  # type: ignore[union-attr]
    words = Words("Jalan ditambal pekan ini.\n" * 500)
    for fast in (2, 1):
        telegram.busy, telegram.fast = 1, fast
        with pytest.raises(Refused):
            carrier.send(str(SITI), words, key="k")
    carrier.send(str(SITI), words, key="k")
    assert ["(1/4)", "(2/4)", "(3/4)", "(4/4)"] == [each["text"].split()[0] for each in telegram.letters]


def test_what_was_taken_counts_though_its_sender_is_ended(
    cilacap: Line, telegram: TelegramProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No word comes of a letter by Telegram: it was told when it was taken, and is not waited for, nor sent again."""
    for text in (COMPLAINT, "ya", "Siti Rahayu", "RT 02 RW 01 Hanum"):
        telegram.text(SITI, text)
        cilacap.works()
    telegram.press(SITI, "Terbuka")
    cilacap.works()
    [dossier] = cilacap.dossiers()
    before = len(telegram.letters)
    cilacap.act(dossier, "return", reason="Mohon sebutkan patokan lokasinya")
    planning.apply(cilacap.runtime, cilacap.news())
    with monkeypatch.context() as ended:
        ended.setattr(batch, "conclude", _ended)
        with pytest.raises(SystemExit):
            sending.tick(cilacap.runtime)
    cilacap.rows("UPDATE notify.messages SET leased_until = NULL WHERE NOT settled")
    cilacap.works()
    cilacap.later(hours=80)
    cilacap.works()
    told = [each for each in cilacap.types(dossier) if each in ("NoticeDelivered", "DeliveryFailed")]
    assert (["NoticeDelivered"], 1) == (told[-1:], len(telegram.letters) - before)


def _ended(*_: object) -> None:
    raise SystemExit
