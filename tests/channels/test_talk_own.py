"""Conversations about complaints that a person has: what belongs to which, and what is done with it."""

from dataclasses import replace
from datetime import timedelta
from time import process_time

import pytest

from shared.channels.talk import hearing
from shared.channels.talk.world import Act, Done, Own
from tests.channels.talking import ANSWERED, AT_WORK, COMPLAINT, ENDED, MERGED, OTHER, WAITING, Telephone, texts


def test_an_answer_goes_to_the_one_complaint_that_waits() -> None:
    """A return is answered by simply writing back, in however few words; the ticket is named."""
    citizen = Telephone()
    citizen.owns(AT_WORK, WAITING)
    citizen.writes("Toko Makmur")
    assert [Act(WAITING.ticket, "supplement", "m1", {"message": "Toko Makmur"})] == citizen.acts
    assert WAITING.ticket in texts(citizen.happens(Done(WAITING.ticket, "supplement")))


@pytest.mark.parametrize("quotes", ["", "wamid.1"])
@pytest.mark.parametrize(
    "text", ["Assalamualaikum", "halo pak", "selamat siang", "\U0001f64f", "\U0001f44d\U0001f3fb", "???"]
)
def test_a_greeting_answers_nothing_that_waits(text: str, quotes: str) -> None:
    """Rule 1: who begins with a greeting, or nods at a letter, has not completed what was returned; it is named."""
    citizen = Telephone()
    citizen.owns(WAITING, AT_WORK, quoted={"wamid.1": WAITING.ticket})
    said = texts(citizen.writes(text, quotes=quotes))
    assert ([], True) == (citizen.acts, WAITING.ticket in said)
    citizen.writes("Depan toko Makmur")
    assert [("supplement", "Depan toko Makmur")] == [(act.action, act.fields["message"]) for act in citizen.acts]


@pytest.mark.parametrize("own", [WAITING, ANSWERED, AT_WORK])
@pytest.mark.parametrize(
    "text", ["Terima kasih", "makasih pak \U0001f64f", "ok siap", "baik pak selamat malam", "makasih, malam"]
)
def test_thanks_that_quote_a_letter_ask_for_nothing(text: str, own: Own) -> None:
    """Whoever swipes a letter to thank for it neither completes its complaint nor replies to its answer."""
    citizen = Telephone()
    citizen.owns(own, quoted={"wamid.1": own.ticket})
    assert "" == texts(citizen.writes(text, quotes="wamid.1"))
    assert [] == citizen.acts


@pytest.mark.parametrize("quotes", ["", "wamid.1"])
@pytest.mark.parametrize("text", ["Ya", "malam", "ya malam", "baik, malam pak"])
def test_one_word_is_an_answer_where_one_is_asked_for(text: str, quotes: str) -> None:
    """A desk that asks whether it is there, or when, is answered by a yes, or by the time of day."""
    citizen = Telephone()
    citizen.owns(WAITING, quoted={"wamid.1": WAITING.ticket})
    citizen.writes(text, quotes=quotes)
    assert [("supplement", {"message": text})] == [(act.action, act.fields) for act in citizen.acts]


@pytest.mark.parametrize("nod", ["ok pak", "\U0001f44d", "selamat siang", "CLP-2026-000123"])
def test_who_nods_at_an_invitation_is_still_invited(nod: str) -> None:
    """What is written next is the new complaint, and answers none that was returned."""
    citizen = Telephone()
    citizen.owns(WAITING)
    citizen.writes("", kind="choice", choice="menu:file")
    citizen.writes(nod)
    citizen.writes(COMPLAINT)
    assert ([], "draft") == (citizen.acts, citizen.talk.state)


def test_to_a_photo_alone_words_may_follow_or_selesai() -> None:
    """It says so, and within which time the desk has it all the same; of two that wait it asks which is complete."""
    citizen = Telephone()
    citizen.owns(WAITING, AT_WORK)
    citizen.writes("", kind="media", media=("photo-1",))
    assert "SELESAI" in texts(citizen.happens(Done(WAITING.ticket, "files")))
    assert "SELESAI" not in texts(citizen.happens(Done(AT_WORK.ticket, "files")))
    citizen.writes("Selesai pak")
    assert [("files", {}), ("supplement", {"message": "Selesai pak"})] == [
        (act.action, act.fields) for act in citizen.acts
    ]
    citizen.owns(AT_WORK)
    assert "Tidak ada pertanyaan" in texts(citizen.writes("selesai"))
    citizen.owns(WAITING, OTHER)
    [question] = citizen.writes("selesai")
    assert 3 == len(question.choices)


@pytest.mark.parametrize("words", ["{ticket}", "no tiket {ticket} pak", "#{ticket}"])
def test_a_ticket_and_nothing_else_asks_how_it_stands(words: str) -> None:
    """Its own is told as by STATUS and gets nothing added, also while it waits; a foreign one is told as there."""
    citizen = Telephone()
    citizen.owns(WAITING, AT_WORK)
    for own in (WAITING, AT_WORK):
        assert f"{own.ticket}: {own.status}" in texts(citizen.writes(words.format(ticket=own.ticket)))
    assert "tidak ditemukan" in texts(citizen.writes(words.format(ticket="CLP-2026-999999")))
    assert ([], "idle") == (citizen.acts, citizen.talk.state)


@pytest.mark.parametrize("said", ["", "Seperti ini."])
@pytest.mark.parametrize("length", [300, 301])
def test_nothing_is_cut_of_what_stands_beside_a_pin(length: int, said: str) -> None:
    """What is longer than a place may be is part of the message."""
    citizen, words = Telephone(), ("depan toko " * 30)[:length].strip().ljust(length, "x")
    citizen.owns(WAITING)
    citizen.writes(said, kind="place", place=(-7.7, 109.0, words))
    [act] = citizen.acts
    pin = {"lat": -7.7, "lon": 109.0}
    if length == 300:
        assert {**pin, "text": words} == act.fields["location"]
    else:
        whole = "\n".join(filter(None, [said, f"Lokasi: {words}"]))
        assert {"message": whole, "location": pin} == act.fields


def test_where_several_wait_the_person_chooses() -> None:
    """Fault 17: what fits two complaints goes to neither before the person has said which."""
    citizen = Telephone()
    citizen.owns(WAITING, OTHER)
    [question] = citizen.writes("nomor rumah 12")
    assert 3 == len(question.choices)
    assert [] == citizen.acts
    citizen.writes("2")
    assert [(OTHER.ticket, {"message": "nomor rumah 12"})] == [(act.ticket, act.fields) for act in citizen.acts]


def test_a_quotation_decides() -> None:
    """A reply that quotes a letter of ours belongs to that letter's complaint."""
    citizen = Telephone()
    citizen.owns(WAITING, OTHER, quoted={"wamid.7": OTHER.ticket})
    citizen.writes("rumah nomor dua belas", quotes="wamid.7")
    assert [OTHER.ticket] == [act.ticket for act in citizen.acts]


def test_what_a_complaint_cannot_take_is_said_and_may_become_a_new_one() -> None:
    """No text is swallowed: what comes after the end is offered to be a complaint of its own."""
    citizen = Telephone()
    citizen.owns(ENDED)
    [said] = citizen.writes(f"{ENDED.ticket} lampunya sekarang malah roboh menimpa warung")
    assert "sudah selesai" in said.text
    citizen.presses("Aduan baru")
    assert "draft" == citizen.talk.state
    assert "roboh" in citizen.talk.draft.text if citizen.talk.draft else False


@pytest.mark.parametrize(
    ("said", "then"), [("ya pak", "draft"), ("baru", "draft"), ("tidak", "idle"), ("gak usah", "idle")]
)
def test_whether_it_becomes_a_new_one_is_answered_by_yes_or_no(said: str, then: str) -> None:
    """As it is asked: the answer is no part of what was written."""
    citizen = Telephone()
    citizen.owns(ENDED)
    citizen.writes(f"{ENDED.ticket} lampunya roboh")
    citizen.writes(said)
    assert then == citizen.talk.state
    assert citizen.talk.draft is None or citizen.talk.draft.text.endswith("roboh")


def test_a_late_word_is_added_to_its_complaint() -> None:
    """Rule 7: what names or quotes a complaint that awaits nothing is added to it, words, pin and photo together."""
    citizen = Telephone()
    citizen.owns(AT_WORK, quoted={"wamid.1": AT_WORK.ticket})
    citizen.writes(f"{AT_WORK.ticket} lampunya sekarang malah roboh", media=("photo-2",))
    citizen.writes("", kind="place", place=(-7.7, 109.0, "Pasar"), quotes="wamid.1")
    added, pin = citizen.acts
    assert ("add", {"text": f"{AT_WORK.ticket} lampunya sekarang malah roboh"}) == (added.action, added.fields)
    assert ("photo-2",) == added.media
    assert ("add", {"text": "Pasar (-7.700000, 109.000000)"}) == (pin.action, pin.fields)
    assert AT_WORK.ticket in texts(citizen.happens(Done(AT_WORK.ticket, "add")))


def test_what_follows_a_supplement_at_once_is_of_it_too() -> None:
    """People write in bursts: a photo and a word right after an answer are added to the complaint that was answered."""
    citizen = Telephone()
    citizen.owns(WAITING)
    citizen.writes("Toko Makmur")
    citizen.owns(replace(WAITING, actions=("withdraw", "add")))
    citizen.now += timedelta(seconds=20)
    citizen.writes("di seberang masjid besar")
    citizen.now += timedelta(minutes=10)
    citizen.writes("", kind="media", media=("photo-9",))
    citizen.now += timedelta(minutes=10)
    citizen.writes("Sampah menumpuk di pasar Kroya")
    assert ["supplement", "add", "files"] == [act.action for act in citizen.acts]
    assert "draft" == citizen.talk.state


def test_a_photo_right_after_the_receipt_is_of_that_complaint() -> None:
    """A late photo without a word goes to the complaint just filed; a new story is a new complaint."""
    citizen = Telephone(())
    citizen.writes(COMPLAINT)
    citizen.writes("ya")
    citizen.presses("Terbuka")
    citizen.receipt(AT_WORK.ticket)
    citizen.owns(AT_WORK)
    citizen.writes("", kind="media", media=("photo-9",))
    assert [("files", AT_WORK.ticket)] == [(act.action, act.ticket) for act in citizen.acts]
    citizen.writes("Sampah menumpuk di pasar Kroya")
    assert "draft" == citizen.talk.state


def test_an_edit_after_the_filing_is_added_as_a_correction() -> None:
    """Rule 8: what was filed stays as it was said, and the correction stands beside it."""
    citizen = Telephone()
    citizen.owns(replace(AT_WORK, messages=("m0",)))
    citizen.writes("Lampu di RT 3, bukan RT 2", kind="edit", quotes="m0")
    [act] = citizen.acts
    assert ("add", {"text": "(Diralat) Lampu di RT 3, bukan RT 2"}) == (act.action, act.fields)


def test_what_nobody_chose_for_is_kept_with_the_newest() -> None:
    """After a day without a choice a message is added to the newest complaint that it may be of, and that is said."""
    citizen = Telephone()
    citizen.owns(*(replace(each, actions=(*each.actions, "add")) for each in (WAITING, OTHER)))
    citizen.writes("nomor rumah 12")
    citizen.waits(hours=25)
    [act] = citizen.acts
    assert (WAITING.ticket, "add", {"text": "nomor rumah 12"}) == (act.ticket, act.action, act.fields)


def test_a_late_photo_goes_to_its_complaint() -> None:
    """A photo that quotes a complaint at work is added to it as a file."""
    citizen = Telephone()
    citizen.owns(AT_WORK, quoted={"wamid.1": AT_WORK.ticket})
    citizen.writes("", kind="media", media=("photo-2",), quotes="wamid.1")
    assert [Act(AT_WORK.ticket, "files", "m1", media=("photo-2",))] == citizen.acts


def test_a_mark_rates_the_answer() -> None:
    """One digit, with or without a word, rates the one answer that waits for it."""
    citizen = Telephone()
    citizen.owns(ANSWERED)
    citizen.writes("5 terima kasih cepat sekali")
    [act] = citizen.acts
    assert ("rate", {"score": 5, "comment": "terima kasih cepat sekali"}) == (act.action, act.fields)


@pytest.mark.parametrize("text", ["\uff15", "\u0665 terima kasih", "5, bagus", "5 - bagus", "5\ufe0f\u20e3", "5/5"])
def test_a_mark_is_one_in_digits_of_any_keyboard(text: str) -> None:
    """Whoever types them means the same; what stands beside it is kept as it was typed."""
    citizen = Telephone()
    citizen.owns(ANSWERED)
    citizen.writes(text)
    [act] = citizen.acts
    assert ("rate", 5) == (act.action, act.fields["score"])


@pytest.mark.parametrize(
    "text",
    [
        "3 hari belum diperbaiki juga",
        "2 minggu lampu mati lagi",
        "3-4 hari lagi katanya, bohong",
        "1. Jalan masih rusak\n2. Lampu masih mati",
        "2 dari 5 lubang belum ditambal",
        "5 rumah masih kebanjiran",
        "2 RT belum dapat air",
        "1 Desember katanya selesai",
        "3/5/2026 sudah saya laporkan",
    ],
)
def test_who_counts_something_gives_no_mark(text: str) -> None:
    """It is a reply to the answer that it quotes, else a new complaint: beside a mark nobody would look at it."""
    quoting, bare = Telephone(), Telephone()
    for citizen in (quoting, bare):
        citizen.owns(ANSWERED, quoted={"wamid.1": ANSWERED.ticket})
    quoting.writes(text, quotes="wamid.1")
    quoting.waits(minutes=5)
    bare.writes(text)
    assert [("reply", {"text": text})] == [(act.action, act.fields) for act in quoting.acts]
    assert ([], True) == (bare.acts, bare.talk.draft is not None)


@pytest.mark.parametrize("between", [" ", "\n", ".", "5\n"])
@pytest.mark.parametrize("end", ["", "x", "x" * 3000, " 5"])
def test_no_text_keeps_the_others_waiting(between: str, end: str) -> None:
    """Whoever sends thousands of blanks: whether it is a mark is a matter of one look at each."""
    begun = process_time()
    hearing.mark(f"5{between * 6000}{end}")
    assert process_time() - begun < 10  # it takes milliseconds; a pattern took half a minute


@pytest.mark.parametrize(("own", "meant"), [((ANSWERED, MERGED), ANSWERED), ((MERGED,), MERGED)])
def test_a_mark_is_for_what_has_not_ended_first(own: tuple[Own, ...], meant: Own) -> None:
    """What was merged may be rated without end: it takes no mark from an answer that has come since."""
    citizen = Telephone()
    citizen.owns(*own)
    citizen.writes("4")
    assert [(meant.ticket, "rate")] == [(act.ticket, act.action) for act in citizen.acts]


def test_what_begins_with_a_digit_is_no_mark_of_what_has_ended() -> None:
    """Long after a group was answered, "2 minggu lampu mati" is a complaint and not a bad mark."""
    citizen = Telephone()
    citizen.owns(MERGED)
    citizen.writes("2 minggu lampu jalan di depan pasar Bendo mati semua, tolong diperbaiki")
    assert [] == citizen.acts
    assert citizen.talk.draft is not None


def test_a_foreign_ticket_is_told_like_an_unknown_one() -> None:
    """Nobody learns from STATUS whether somebody else's ticket exists."""
    citizen = Telephone()
    citizen.owns(AT_WORK)
    foreign = texts(citizen.writes("status CLP-2026-000001"))
    unknown = texts(citizen.writes("STATUS CLP-2026-999999"))
    assert foreign.replace("000001", "") == unknown.replace("999999", "")
    assert "sedang ditangani" in texts(citizen.writes("status clp 2026 140"))


@pytest.mark.parametrize(
    "text",
    ["STATUS", "status aduan saya", "Cek status aduan saya, min", "cek laporan", "status ya pak", "Laporan saya, pak?"],
)
def test_a_command_is_understood_with_what_people_say_around_it(text: str) -> None:
    """None of it begins a complaint, and none is an answer to the one that waits."""
    citizen = Telephone()
    citizen.owns(WAITING, AT_WORK)
    assert AT_WORK.ticket in texts(citizen.writes(text))
    assert ([], "idle") == (citizen.acts, citizen.talk.state)


def test_a_command_that_quotes_a_letter_is_about_its_complaint() -> None:
    """Rule 6: of several, the one whose letter is quoted is told or withdrawn; a ticket that is named counts more."""
    citizen = Telephone()
    citizen.owns(AT_WORK, WAITING, quoted={"wamid.1": WAITING.ticket})
    told = texts(citizen.writes("status", quotes="wamid.1"))
    assert (True, False) == (WAITING.ticket in told, AT_WORK.ticket in told)
    assert AT_WORK.ticket in texts(citizen.writes(f"status {AT_WORK.ticket}", quotes="wamid.1"))
    assert WAITING.ticket in texts(citizen.writes("cabut", quotes="wamid.1"))
    citizen.writes("ya")
    assert [(WAITING.ticket, "withdraw")] == [(act.ticket, act.action) for act in citizen.acts]


def test_withdrawing_is_asked_about_first() -> None:
    """CABUT asks, and only a yes withdraws."""
    citizen = Telephone()
    citizen.owns(AT_WORK)
    assert AT_WORK.ticket in texts(citizen.writes("cabut CLP-2026-000140"))
    assert [] == citizen.acts
    citizen.writes("ya")
    assert [("withdraw", AT_WORK.ticket)] == [(act.action, act.ticket) for act in citizen.acts]


def test_who_asks_for_a_person_is_called() -> None:
    """Rule 10: PETUGAS is a task about the newest complaint; without one it becomes a complaint, after a yes."""
    citizen = Telephone()
    citizen.owns(AT_WORK)
    citizen.writes("petugas")
    [act] = citizen.acts
    assert (AT_WORK.ticket, "call", "call") == (act.ticket, act.action, act.fields["wants"])
    assert "menghubungi" in texts(citizen.happens(Done(AT_WORK.ticket, "call")))
    stranger = Telephone(())
    stranger.writes("PETUGAS")
    stranger.writes("ya")
    stranger.presses("Terbuka")
    assert ["Mohon saya dihubungi petugas."] == [draft.text for draft in stranger.submitted]
