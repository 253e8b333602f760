"""Conversations: from the first word to the receipt, and what may go wrong between."""

from dataclasses import replace
from datetime import timedelta
from string import Formatter

import pytest

from shared.channels import gsm
from shared.channels.talk.places import places_in
from shared.channels.talk.words import phrases
from shared.channels.talk.world import Act, Done, NotFiled, Own, Quiet, Submit
from shared.platform.settings import PROJECT
from tests.channels.talking import COMPLAINT, TENANTS, TRENGGALEK, Telephone, texts

WAITING = Own("CLP-2026-000123", "Jalan Hanum", "menunggu kelengkapan dari Anda", ("supplement", "withdraw"))
OTHER = Own("CLP-2026-000130", "Air bersih", "menunggu kelengkapan dari Anda", ("supplement",))
AT_WORK = Own("CLP-2026-000140", "Lampu jalan", "sedang ditangani", ("withdraw", "add"))
ENDED = Own("CLP-2026-000160", "Parit", "selesai", (), open=False)
MERGED = Own("CLP-2026-000170", "Jembatan", "digabungkan", ("rate",), open=False)
ANSWERED = Own("CLP-2026-000150", "Sampah", "sudah dijawab", ("rate", "reply"))


def test_a_complaint_by_whatsapp_goes_from_greeting_to_receipt() -> None:
    """The dialogue of Cilacap: greeting, complaint, photo, yes, name pressed, address, privacy, receipt."""
    citizen = Telephone(name="Siti Rahayu")
    assert "Tuliskan keluhan" in texts(citizen.writes("Assalamualaikum"))
    together = [citizen.message(COMPLAINT), citizen.message("", kind="media", media=("photo-1",))]
    [confirm] = citizen.happens(*together)
    assert COMPLAINT in confirm.text
    assert "1 berkas" in confirm.text
    assert ["Ya, kirim", "Tambah dulu", "Batal"] == [choice.title for choice in confirm.choices]
    assert "nama lengkap" in texts(citizen.presses("Ya, kirim"))
    assert "alamat" in texts(citizen.presses("Siti Rahayu"))
    assert "Siti Rahayu" in texts(citizen.writes("RT 02 RW 01 Hanum Dayeuhluhur"))
    assert [] == citizen.submitted
    citizen.presses("Anonim")
    [draft] = citizen.submitted
    assert COMPLAINT == draft.text
    assert {
        "reporter.name": "Siti Rahayu",
        "reporter.address": "RT 02 RW 01 Hanum Dayeuhluhur",
        "privacy": "anonymous",
    } == draft.fields
    said = texts(citizen.receipt())
    assert all(part in said for part in ("CLP-2026-000123", "7KQ2M9XRTB", "12 Oktober 2026"))
    assert Act("CLP-2026-000123", "attach", draft.id, media=("photo-1",)) in citizen.effects


def test_a_complaint_by_sms_asks_by_numbers_and_in_one_part_each() -> None:
    """The dialogue of Trenggalek: every question fits one SMS in the networks' own letters."""
    citizen = Telephone(TRENGGALEK, short=True, categories=("Penerangan", "Jalan", "Kebersihan"))
    said = citizen.writes("LAPOR lampu jalan depan pasar Bendo mati 1 minggu")
    for answer in ("1", "Sumarno", "3503010101800002", "1", "1"):
        assert [True] * len(said) == [gsm.fits(each.text) and gsm.parts(each.text) == 1 for each in said]
        said = citizen.writes(answer)
    [draft] = citizen.submitted
    assert "lampu jalan depan pasar Bendo mati 1 minggu" == draft.text
    assert "Penerangan" == draft.fields["category"]
    assert "3503010101800002" == draft.fields["reporter.identity"]
    [receipt] = citizen.receipt("TRG-2026-000045")
    assert "TRG-2026-000045" in receipt.text
    assert "7KQ2M9XRTB" in receipt.text


@pytest.mark.parametrize("text", ["halo", "Selamat pagi", "P", "👍", "terima kasih", "oke siap", "tes tes"])
def test_a_greeting_files_nothing(text: str) -> None:
    """Greetings, thanks and signs begin no draft."""
    citizen = Telephone()
    citizen.writes(text)
    assert "idle" == citizen.talk.state


def test_the_menu_is_shown_once_in_twelve_hours() -> None:
    """Who greets twice is not flooded."""
    citizen = Telephone()
    assert "" != texts(citizen.writes("halo pak"))
    assert "" == texts(citizen.writes("selamat pagi"))


def test_nothing_is_filed_without_a_yes() -> None:
    """A draft that nobody confirms is dropped after a day, and that is said."""
    citizen = Telephone()
    citizen.writes(COMPLAINT)
    assert "" == texts(citizen.waits(hours=23))
    assert "dihapus" in texts(citizen.waits(hours=2))
    assert [] == citizen.submitted


def test_what_was_confirmed_and_left_is_filed_as_it_is() -> None:
    """Half an hour of silence after the yes files the incomplete complaint, and says what is missing."""
    citizen = Telephone()
    citizen.writes(COMPLAINT)
    citizen.writes("ya")
    citizen.writes("Siti Rahayu")
    citizen.waits(minutes=31)
    [draft] = citizen.submitted
    assert ("reporter.address",) == draft.missing
    assert "belum lengkap" in texts(citizen.receipt())


def test_a_story_is_not_filed_as_a_name() -> None:
    """Fault 49: more of the complaint, written while a name is asked for, is asked about."""
    citizen = Telephone()
    citizen.writes(COMPLAINT)
    citizen.writes("ya")
    story = "Tadi malam ada lagi yang jatuh di lubang yang sama, anak sekolah, untung tidak parah lukanya pak"
    assert "tambahan isi aduan" in texts(citizen.writes(story))
    citizen.presses("Tambahan aduan")
    citizen.writes("Siti Rahayu")
    citizen.writes("RT 02 RW 01 Hanum")
    citizen.presses("Terbuka")
    [draft] = citizen.submitted
    assert f"{COMPLAINT}\n{story}" == draft.text
    assert "Siti Rahayu" == draft.fields["reporter.name"]


def test_a_story_that_is_insisted_upon_as_a_name_is_not_lost() -> None:
    """What is no name is asked for again, and stays with the complaint."""
    citizen = Telephone()
    citizen.writes(COMPLAINT)
    citizen.writes("ya")
    story = "Tadi malam ada lagi yang jatuh " * 5
    citizen.writes(story)
    assert "nama lengkap" in texts(citizen.presses("Ini jawabannya"))
    assert story in citizen.talk.draft.text if citizen.talk.draft else False


def test_an_answer_goes_to_the_one_complaint_that_waits() -> None:
    """A return is answered by simply writing back, in however few words; the ticket is named."""
    citizen = Telephone()
    citizen.owns(AT_WORK, WAITING)
    citizen.writes("Toko Makmur")
    assert [Act(WAITING.ticket, "supplement", "m1", {"message": "Toko Makmur"})] == citizen.acts
    assert WAITING.ticket in texts(citizen.happens(Done(WAITING.ticket, "supplement")))


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


def test_a_number_that_takes_long_is_said_to_follow() -> None:
    """Where the filing is not through within half a minute the person hears so, once, and the receipt comes later."""
    citizen = Telephone(())
    citizen.writes(COMPLAINT)
    citizen.writes("ya")
    citizen.presses("Terbuka")
    assert "" == texts(citizen.waits(seconds=29))
    assert "menyusul" in texts(citizen.waits(seconds=2))
    assert "" == texts(citizen.waits(hours=25))
    assert "CLP-2026-000123" in texts(citizen.receipt())


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


def test_withdrawing_is_asked_about_first() -> None:
    """CABUT asks, and only a yes withdraws."""
    citizen = Telephone()
    citizen.owns(AT_WORK)
    assert AT_WORK.ticket in texts(citizen.writes("cabut CLP-2026-000140"))
    assert [] == citizen.acts
    citizen.writes("ya")
    assert [("withdraw", AT_WORK.ticket)] == [(act.action, act.ticket) for act in citizen.acts]


def test_an_emergency_is_told_of_help_before_anything_else() -> None:
    """Words of danger bring the numbers for help first, and filing goes on."""
    said = Telephone().writes("Tolong ada kebakaran di pasar Kroya sejak tadi")
    assert "112" in said[0].text
    assert "Kirim sebagai aduan" in said[1].text


def test_an_edit_within_the_draft_replaces() -> None:
    """Fault 26: an edited message says what it says now."""
    citizen = Telephone()
    citizen.writes(COMPLAINT)
    citizen.writes("Jalan Desa Hanum rusak berat", kind="edit", quotes="m1")
    assert citizen.talk.draft is not None
    assert "Jalan Desa Hanum rusak berat" == citizen.talk.draft.text


def test_a_message_taken_back_leaves_the_draft() -> None:
    """A draft of one message that is taken back is gone; a filed one is not."""
    citizen = Telephone()
    citizen.writes(COMPLAINT)
    citizen.writes("", kind="revoke", quotes="m1")
    assert "idle" == citizen.talk.state
    assert "CABUT" in texts(citizen.writes("", kind="revoke", quotes="m1"))


def test_two_machines_fall_silent() -> None:
    """Fault 48: five equal texts within ten minutes are answered no more for an hour; what is written is still kept."""
    citizen = Telephone()
    said = [texts(citizen.writes("Ini pesan otomatis, kami sedang tidak di tempat")) for _ in range(7)]
    assert [True, True, True, True, False, False, False] == [text != "" for text in said]
    citizen.now += timedelta(hours=2)
    assert "" != texts(citizen.writes("Ini pesan otomatis, kami sedang tidak di tempat"))


def test_a_number_is_a_choice_only_while_it_is_asked() -> None:
    """Fault: an old digit chooses nothing."""
    citizen = Telephone(short=True)
    citizen.writes(COMPLAINT)
    citizen.now += timedelta(minutes=16)
    citizen.writes("1")
    assert [] == citizen.submitted
    assert "Tidak ada pertanyaan" in texts(Telephone(short=True).writes("1"))


def test_a_button_pressed_days_later_is_no_error() -> None:
    """What is no choice any more is said to be none."""
    citizen = Telephone()
    assert "tidak berlaku" in texts(citizen.writes("", kind="choice", choice="d:CLP-2026-000001"))


def test_a_yes_twice_files_once() -> None:
    """A second yes, pressed while the first is being carried out, files nothing more."""
    citizen = Telephone(())
    citizen.writes(COMPLAINT)
    citizen.writes("ya")
    press = citizen.message("", kind="choice", choice="p:open")
    citizen.happens(press)
    citizen.happens(press)
    assert 1 == len(citizen.submitted)
    assert 1 == len([effect for effect in citizen.every if isinstance(effect, Submit)])


def test_an_identity_number_is_checked_once_and_then_taken() -> None:
    """A number that cannot be is asked for again; insisted upon, it is kept as it was written."""
    citizen = Telephone(("reporter.identity",))
    citizen.writes(COMPLAINT)
    citizen.writes("ya")
    assert "16 angka" in texts(citizen.writes("3503019999800002"))
    citizen.writes("3503019999800002")
    assert citizen.talk.draft is not None
    assert "3503019999800002" == citizen.talk.draft.fields["reporter.identity"]


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


def test_who_wants_no_reminders_is_spared_them() -> None:
    """Rule 10: BERHENTI and STOP spare, MULAI begins again; within a draft STOP drops the draft only."""
    citizen = Telephone()
    assert "tetap kami kirim" in texts(citizen.writes("Berhenti!"))
    assert Quiet(on=True, cause="m1") in citizen.effects
    citizen.writes("mulai")
    assert Quiet(on=False, cause="m2") in citizen.effects
    citizen.writes(COMPLAINT)
    citizen.writes("stop")
    assert [] == [each for each in citizen.effects if isinstance(each, Quiet)]


def test_a_conversation_goes_on_in_english() -> None:
    """Rule 10: ENGLISH changes what is said from there on, BAHASA changes it back; a draft stays what it was."""
    citizen = Telephone(())
    citizen.writes(COMPLAINT)
    assert "in English" in texts(citizen.writes("english"))
    assert "How may we show it" in texts(citizen.writes("yes"))
    assert "Indonesia" in texts(citizen.writes("bahasa"))
    citizen.writes("1")
    assert [COMPLAINT] == [draft.text for draft in citizen.submitted]


def test_every_text_is_said_in_both_languages() -> None:
    """What is said in Indonesian can be said in English, with the same values, choices and statuses."""
    both = [phrases(TENANTS, PROJECT / "nowhere", language) for language in ("id", "en")]
    assert set(both[0].texts) == set(both[1].texts)
    assert [set(group) for group in both[0].others.values()] == [set(group) for group in both[1].others.values()]
    for key, said in both[0].texts.items():
        values = [{name for _, name, _, _ in Formatter().parse(each.texts[key][0]) if name} for each in both]
        assert values[0] == values[1], (key, said)


def test_an_answer_can_be_changed_at_the_last_look() -> None:
    """UBAH asks which, takes it anew, and comes back to the last look; a yes there does not say how much is shown."""
    citizen = Telephone()
    for text in (COMPLAINT, "ya", "Siti Rahayu", "RT 02 RW 01 Hanum"):
        citizen.writes(text)
    citizen.writes("ubah")
    citizen.presses("Nama")
    assert "Siti Aminah" in texts(citizen.writes("Siti Aminah"))
    assert "Siti Aminah" in texts(citizen.writes("ya"))
    citizen.presses("Rahasia")
    [draft] = citizen.submitted
    assert ("Siti Aminah", COMPLAINT) == (draft.fields["reporter.name"], draft.text)


def test_what_was_refused_of_a_complaint_is_asked_for_again() -> None:
    """A complaint that fails for one field comes back to that question, not to the beginning."""
    citizen = Telephone(("category",), categories=("Jalan", "Air"))
    for text in (COMPLAINT, "ya", "Jalan"):
        citizen.writes(text)
    citizen.presses("Terbuka")
    assert "Bidang" in texts(citizen.happens(NotFiled("Bidang itu tidak dikenal.", "category")))
    citizen.writes("Air")
    assert ["Jalan", "Air"] == [draft.fields["category"] for draft in citizen.submitted]


def test_peace_is_answered_with_peace() -> None:
    """The dialogue of Cilacap begins with the greeting's own answer."""
    assert texts(Telephone().writes("Assalamualaikum")).startswith("Waalaikumsalam.")
    assert "Waalaikumsalam" not in texts(Telephone().writes("halo pak"))


def test_what_is_not_said_is_counted() -> None:
    """Rule 11: beyond the brake silence is a number that somebody can look at."""
    citizen = Telephone()
    for _ in range(7):
        citizen.writes("Ini pesan otomatis, kami sedang tidak di tempat")
    assert 3 == citizen.talk.brake.dropped


PLACES = {"Kroya": ("Bajing", "Karangmangu"), "Nusawungu": ("Karangmangu", "Jetis"), "Cilacap Utara": ("Gumilir",)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Desa Bajing, Kec. Kroya", [("Kroya", "Bajing")]),
        ("bajng kroya", [("Kroya", "")]),
        ("Bajng, Kroya", [("Kroya", "Bajing")]),
        ("dekat balai desa gumilir cilacap utara", [("Cilacap Utara", "Gumilir")]),
        ("Karangmangu", [("Kroya", "Karangmangu"), ("Nusawungu", "Karangmangu")]),
        ("karangmangu nusawungu", [("Nusawungu", "Karangmangu")]),
        ("di depan rumah saya", []),
    ],
)
def test_a_place_is_known_by_its_names(text: str, expected: list[tuple[str, str]]) -> None:
    """However it is written: names of the lists, nearly as they are spelled; of one name in two places both."""
    assert expected == places_in(text, PLACES)


def test_of_two_places_of_one_name_the_person_chooses() -> None:
    """What the lists know goes to the complaint as their entry; what they do not know stays the person's words."""
    citizen = Telephone(("location.desa",), places=PLACES)
    for text in (COMPLAINT, "ya", "Karangmangu"):
        citizen.writes(text)
    citizen.presses("Karangmangu, Nusawungu"[:24])
    citizen.presses("Terbuka")
    [draft] = citizen.submitted
    assert ("Nusawungu", "Karangmangu") == (draft.fields["location.kecamatan"], draft.fields["location.desa"])
    stranger = Telephone(("location.desa",), places=PLACES)
    for text in (COMPLAINT, "ya", "di depan rumah saya"):
        stranger.writes(text)
    stranger.presses("Terbuka")
    assert ["di depan rumah saya"] == [draft.fields["location"] for draft in stranger.submitted]


def test_many_categories_are_offered_in_turn() -> None:
    """More than can be pressed at once: the others follow, and the last of them can be chosen."""
    names = tuple(f"Bidang {number:02}" for number in range(20))
    citizen = Telephone(("category",), categories=names)
    citizen.writes(COMPLAINT)
    [offered] = citizen.writes("ya")
    assert 10 == len(offered.choices)
    citizen.presses("Lainnya")
    citizen.presses("Lainnya")
    citizen.presses("Bidang 19")
    citizen.presses("Terbuka")
    assert ["Bidang 19"] == [draft.fields["category"] for draft in citizen.submitted]
