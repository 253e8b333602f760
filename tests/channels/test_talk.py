"""Conversations: from the first word to the receipt, and how they speak."""

from datetime import timedelta
from string import Formatter

import pytest

from shared.channels import gsm
from shared.channels.talk.measuring import by_sms
from shared.channels.talk.state import Language
from shared.channels.talk.words import phrases
from shared.channels.talk.world import Act, Own, Quiet
from shared.platform.settings import PROJECT
from tests.channels.talking import AT_WORK, COMPLAINT, OTHER, TENANTS, TRENGGALEK, WAITING, Telephone, texts


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


@pytest.mark.parametrize("word", ["LAPOR", "lapor,", "Lapor!", "LAPOR#", "*LAPOR*", "Aduan:", "lapor /"])
def test_the_word_that_opens_a_complaint_is_none_of_its_words(word: str) -> None:
    """Whatever sign people write behind it, as they have learnt from other services."""
    citizen = Telephone(short=True)
    assert '"lampu jalan depan pasar mati"' in texts(citizen.writes(f"{word} lampu jalan depan pasar mati"))


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


@pytest.mark.parametrize("own", [(), (WAITING,), (WAITING, OTHER)], ids=["none", "one waiting", "two"])
@pytest.mark.parametrize("text", ["Lampu mati", "Jalan Kenanga berlubang dalam"])
def test_who_presses_to_file_a_complaint_files_a_new_one(text: str, own: tuple[Own, ...]) -> None:
    """What they are asked to write, however short, is no answer to another of theirs; an hour later it may be."""
    citizen = Telephone()
    citizen.owns(*own)
    citizen.writes("bantuan")
    assert "tulis keluhan" in texts(citizen.presses("Buat aduan"))
    assert text in texts(citizen.writes(text))
    assert ([], "draft") == (citizen.acts, citizen.talk.state)
    citizen.writes("batal")
    citizen.writes("", kind="choice", choice="menu:file")
    citizen.now += timedelta(hours=1)
    citizen.writes("Di seberang masjid")
    assert [each.ticket for each in own[:1]] == [act.ticket for act in citizen.acts] or len(own) != 1


@pytest.mark.parametrize("own", [(), (WAITING,)], ids=["none", "one waiting"])
def test_few_words_are_a_complaint_where_one_is_announced(own: tuple[Own, ...]) -> None:
    """LAPOR and what happened, in one SMS or in two: nobody is shown how to do it who has just done it."""
    citizen = Telephone(short=True)
    citizen.owns(*own)
    assert "Jalan rusak" in texts(citizen.writes("LAPOR Jalan rusak"))
    citizen.writes("batal")
    for _ in range(2):
        assert "tulis keluhan" in texts(citizen.writes("LAPOR"))
    assert "banjir" in texts(citizen.writes("banjir"))
    assert ([], "draft") == (citizen.acts, citizen.talk.state)


@pytest.mark.parametrize("own", [(), (WAITING,)], ids=["none", "one waiting"])
@pytest.mark.parametrize(
    "text", ["mau lapor", "Saya ingin mengadu, pak", "Gimana caranya lapor?", "halo min mau buat aduan", "ada laporan"]
)
def test_who_only_announces_a_complaint_is_asked_for_it(text: str, own: tuple[Own, ...]) -> None:
    """The announcement is no part of it; what follows is, and no answer to another of theirs."""
    citizen = Telephone()
    citizen.owns(*own)
    assert "tulis keluhan" in texts(citizen.writes(text))
    citizen.writes("Jalan rusak")
    assert ([], "Jalan rusak") == (citizen.acts, citizen.talk.draft.text if citizen.talk.draft else "")


def test_few_words_after_the_menu_are_what_it_asks_for() -> None:
    """They are asked about, and not met with silence; a greeting still is."""
    citizen = Telephone()
    citizen.writes("halo")
    assert "" == texts(citizen.writes("pagi pak"))
    assert "Jalan rusak" in texts(citizen.writes("Jalan rusak"))


def test_an_emergency_is_told_of_help_before_anything_else() -> None:
    """Words of danger bring the numbers for help first, and filing goes on."""
    said = Telephone().writes("Tolong ada kebakaran di pasar Kroya sejak tadi")
    assert "112" in said[0].text
    assert "Kirim sebagai aduan" in said[1].text


@pytest.mark.parametrize("text", ["Kebakaran!", "tolong banjir", "Help, the market is on fire"])
@pytest.mark.parametrize("own", [(), (WAITING,), (AT_WORK,)], ids=["none", "waiting", "at work"])
def test_help_is_told_however_little_is_said_and_whatever_it_is_about(text: str, own: tuple[Own, ...]) -> None:
    """Rule 14: also by whoever was shown the menu before, writes to a complaint, or is being asked; once an hour."""
    citizen = Telephone()
    citizen.owns(*own)
    citizen.writes("halo pak")
    assert "112" in citizen.writes(text)[0].text
    assert "112" not in texts(citizen.writes(f"{text} di pasar Kroya"))
    citizen.now += timedelta(hours=1)
    assert "112" in citizen.writes(f"{text} lagi di pasar Kroya sekarang")[0].text


def test_what_nobody_can_read_is_said_once_in_ten_minutes() -> None:
    """Whoever sends twenty stickers of a new kind is told once what is read here."""
    citizen = Telephone()
    said = [texts(citizen.writes(kind="unreadable")) for _ in range(3)]
    citizen.now += timedelta(minutes=10)
    said.append(texts(citizen.writes(kind="unreadable")))
    assert [True, False, False, True] == [bool(each) for each in said]


def test_by_which_link_somebody_came_is_noted_with_their_complaint() -> None:
    """What an advertisement has put into their mouth is a greeting; the complaint after it bears the note, no other."""
    citizen = Telephone(())
    citizen.writes("Halo, saya mau bertanya", referred=True)
    for _ in range(2):
        citizen.writes(COMPLAINT)
        citizen.writes("ya")
        citizen.presses("Terbuka")
        citizen.receipt()
        citizen.now += timedelta(hours=2)
    assert [True, False] == [draft.referred for draft in citizen.submitted]


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
    assert "Who may know your name" in texts(citizen.writes("yes"))
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


def test_what_a_procedure_requires_has_a_name() -> None:
    """As people are asked for it in a mail's receipt; each once."""
    spoken = phrases(TENANTS, PROJECT / "nowhere", "id")
    required = (*TRENGGALEK, "reporter.address", "reporter.phone", "location", "location.kecamatan")
    named = "foto bukti, Nama, NIK, Judul, Bidang, Alamat, Telepon, Lokasi"
    assert named == spoken.fields([each for each in required if each != "message"])


@pytest.mark.parametrize("language", ["id", "en"])
def test_whatever_is_said_by_sms_is_one_sms(language: Language) -> None:
    """Each text with values as long as they usually are; of a list what fits, and how many more there are."""
    said = by_sms(phrases(TENANTS, PROJECT / "nowhere", language), "Kabupaten Trenggalek")
    assert {} == {key: text for key, text in said.items() if gsm.parts(text) > 1}
    *told, rest = said["statuses"].splitlines()[1:]
    assert f"+{5 - len(told)}" == rest


def test_peace_is_answered_with_peace() -> None:
    """The dialogue of Cilacap begins with the greeting's own answer."""
    assert texts(Telephone().writes("Assalamualaikum")).startswith("Waalaikumsalam.")
    assert "Waalaikumsalam" not in texts(Telephone().writes("halo pak"))
