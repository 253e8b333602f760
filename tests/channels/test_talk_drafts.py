"""Conversations: a draft until it is filed, and what may go wrong on the way."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.channels.talk import hearing
from shared.channels.talk.answers import ASKED
from shared.channels.talk.places import places_in
from shared.channels.talk.state import MOST_MESSAGES, Language
from shared.channels.talk.words import phrases
from shared.channels.talk.world import ForgetFiles, NotFiled, Submit
from shared.domain.complaint.privacy import PRIVACIES
from shared.platform.settings import PROJECT
from tests.channels.talking import AT_WORK, COMPLAINT, TENANTS, Telephone, texts


@pytest.mark.parametrize("yes", ["ya pak", "Iya, kirim saja", "OK", "oke kirim min", "Boleh bu", "lanjutkan ya", "1."])
def test_a_yes_is_understood_as_people_say_it(yes: str) -> None:
    """With a word of courtesy, or another of the same meaning: none becomes a part of the complaint."""
    citizen = Telephone()
    citizen.writes(COMPLAINT)
    citizen.writes(yes)
    assert ("asking", COMPLAINT) == (citizen.talk.state, citizen.talk.draft.text if citizen.talk.draft else "")


@pytest.mark.parametrize("no", ["batal pak", "Tidak jadi, min", "gak jadi", "tidak usah ya"])
def test_a_no_is_understood_as_people_say_it(no: str) -> None:
    """Likewise; also where something is asked for, of which the keyword is no answer."""
    citizen = Telephone()
    citizen.writes(COMPLAINT)
    citizen.writes(no)
    assert "idle" == citizen.talk.state
    citizen.writes(COMPLAINT)
    citizen.writes("ya")
    citizen.writes("Batal ya pak")
    assert ([], "idle") == (citizen.submitted, citizen.talk.state)


@pytest.mark.parametrize("secret", ["rahasia saja", "Rahasia, pak", "rahasia ya"])
@pytest.mark.parametrize("name", ["nama saya Siti Rahayu", "Nama: Siti Rahayu", "saya Siti Rahayu"])
def test_an_answer_is_understood_with_what_is_said_around_it(secret: str, name: str) -> None:
    """Who asks for secrecy gets it, and it does not become a word of the complaint; a name is a name."""
    citizen = Telephone()
    citizen.writes(COMPLAINT)
    citizen.writes("tambah dulu ya")
    for text in ("ya", name, "RT 2 Hanum", secret):
        citizen.writes(text)
    [draft] = citizen.submitted
    assert (COMPLAINT, "secret", "Siti Rahayu") == (draft.text, draft.fields["privacy"], draft.fields["reporter.name"])


@pytest.mark.parametrize("yes", ["ya", "iya benar", "ok pak"])
def test_a_yes_is_nobodys_name_and_no_title(yes: str) -> None:
    """It takes what is offered, and where nothing is, the question is asked again."""
    known, unknown = Telephone(name="Siti Rahayu"), Telephone(("reporter.name", "title"), short=True)
    for citizen in (known, unknown):
        citizen.writes(COMPLAINT)
        citizen.writes("ya")
        citizen.writes(yes)
    assert {"reporter.name": "Siti Rahayu"} == (known.talk.draft.fields if known.talk.draft else {})
    assert ("reporter.name", {}) == (unknown.talk.field, unknown.talk.draft.fields if unknown.talk.draft else None)
    unknown.writes("Sumarno")
    unknown.writes(yes)
    assert ["Sumarno", COMPLAINT.removesuffix(" jatuh")] == [
        unknown.submitted[0].fields[each] for each in ("reporter.name", "title")
    ]


@pytest.mark.parametrize("no", ["saya tidak mau", "Tidak mau, pak", "gak mau"])
def test_who_declines_has_not_answered(no: str) -> None:
    """It is nobody's name or address, and no title: it is asked again, and LEWATI leaves it out."""
    citizen = Telephone(("reporter.name", "reporter.address", "title"), short=True)
    for text in (COMPLAINT, "ya", no, "Sumarno", no, "RT 2 Hanum", no):
        citizen.writes(text)
    given = citizen.talk.draft.fields if citizen.talk.draft else {}
    assert {"reporter.name": "Sumarno", "reporter.address": "RT 2 Hanum"} == given


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


def test_an_edit_within_the_draft_replaces() -> None:
    """Fault 26: an edited message says what it says now."""
    citizen = Telephone()
    citizen.writes(COMPLAINT)
    citizen.writes("Jalan Desa Hanum rusak berat", kind="edit", quotes="m1")
    assert citizen.talk.draft is not None
    assert "Jalan Desa Hanum rusak berat" == citizen.talk.draft.text


@pytest.mark.parametrize("text", ["", COMPLAINT])
def test_an_edit_that_says_nothing_new_changes_and_says_nothing(text: str) -> None:
    """A live place moves on, a preview is loaded, something of a new kind was changed: no word is lost over it."""
    citizen = Telephone()
    citizen.writes(COMPLAINT)
    before = citizen.talk
    for _ in range(3):
        assert [] == citizen.writes(text, kind="edit", quotes="m1")
    assert (before.draft, before.state) == (citizen.talk.draft, citizen.talk.state)
    citizen.writes("batal")
    assert [] == citizen.writes("", kind="edit", quotes="m1")
    assert "idle" == citizen.talk.state


def test_a_message_taken_back_leaves_the_draft() -> None:
    """A draft of one message that is taken back is gone; a filed one is not."""
    citizen = Telephone()
    citizen.writes(COMPLAINT)
    citizen.writes("", kind="revoke", quotes="m1")
    assert "idle" == citizen.talk.state
    assert "" == texts(citizen.writes("", kind="revoke", quotes="m1")), "it is nowhere any more"
    citizen.writes(COMPLAINT)
    citizen.writes("", kind="media", media=("photo-1",))
    citizen.writes("", kind="revoke", quotes=f"m{citizen.sent}")
    assert [ForgetFiles(("photo-1",))] == citizen.effects
    assert (COMPLAINT, ()) == (citizen.talk.draft.text, citizen.talk.draft.media) if citizen.talk.draft else False


def test_files_beyond_a_full_draft_are_forgotten() -> None:
    """They are told not to be noted, and lie nowhere; what was noted before stays."""
    citizen = Telephone()
    citizen.writes(COMPLAINT)
    for number in range(MOST_MESSAGES):
        citizen.now += timedelta(minutes=1)
        said = texts(citizen.writes(f"Foto {number}", kind="media", media=(f"photo-{number}",)))
    last = MOST_MESSAGES - 1
    assert "tidak kami catat" in said
    assert ForgetFiles((f"photo-{last}",)) in citizen.effects
    assert citizen.talk.draft is not None
    assert tuple(f"photo-{number}" for number in range(last)) == citizen.talk.draft.media


def test_of_what_was_filed_it_is_told_once_how_to_withdraw_it() -> None:
    """Rule 8: however many of its messages are taken back together; and nothing where a mere greeting is."""
    citizen = Telephone()
    citizen.owns(replace(AT_WORK, messages=("m7", "m8")))
    assert "" == texts(citizen.writes("", kind="revoke", quotes="m1"))
    [said] = citizen.happens(*[citizen.message("", kind="revoke", quotes=id_) for id_ in ("m7", "m8")])
    assert "CABUT" in said.text


def test_two_machines_fall_silent() -> None:
    """Fault 48: five equal texts within ten minutes are answered no more for an hour; what is written is still kept."""
    citizen = Telephone()
    said = [texts(citizen.writes("Ini pesan otomatis, kami sedang tidak di tempat")) for _ in range(7)]
    assert [True, True, True, True, False, False, False] == [text != "" for text in said]
    citizen.now += timedelta(hours=2)
    assert "" != texts(citizen.writes("Ini pesan otomatis, kami sedang tidak di tempat"))


def test_one_person_is_sent_twenty_messages_a_minute_and_a_hundred_a_day() -> None:
    """More is not answered; what is written is kept, and the next minute and the next day are answered again."""
    citizen = Telephone(short=True)

    def answered(times: int) -> int:
        asked = [citizen.writes(f"status CLP-2026-{citizen.sent:06}") for _ in range(times)]
        return sum(len(words) for words in asked)

    by_minute = []
    for _ in range(6):
        by_minute.append(answered(25))
        citizen.now += timedelta(minutes=1)
    assert [20, 20, 20, 20, 20, 0] == by_minute
    citizen.writes(COMPLAINT)
    assert "draft" == citizen.talk.state
    citizen.now += timedelta(days=1)
    assert answered(1) == 1


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


def test_a_card_is_part_of_the_complaint_and_no_answer() -> None:
    """Somebody's card that comes while they write is in the complaint; a name that is asked for is still asked."""
    citizen = Telephone(("reporter.name", "message"))
    assert "tulis namanya" in texts(citizen.writes("Pak RT 0812", kind="contact"))
    citizen.writes(COMPLAINT)
    citizen.writes("ya")
    assert "kami catat" in texts(citizen.writes("Pak RT 08123456789", kind="contact"))
    citizen.writes("Siti Rahayu")
    citizen.presses("Terbuka")
    [draft] = citizen.submitted
    assert f"{COMPLAINT}\nPak RT 08123456789" == draft.text
    assert "Siti Rahayu" == draft.fields["reporter.name"]


@pytest.mark.parametrize("language", ["id", "en"])
def test_what_can_be_pressed_can_be_written(language: Language) -> None:
    """By its title, as it stands on the button: not every telephone shows buttons, and some people do not see them."""
    titles = dict(phrases(TENANTS, PROJECT / "nowhere", language).others["choices"])
    del titles["send_place"], titles["send_number"]  # a telephone's own

    def understood(title: str) -> bool:
        every = {"yes", "more", "new", "leave", "story:add", "story:answer", "menu:file", "next:3"}
        shown = [f"p:{each}" for each in PRIVACIES]
        given = [f"e:{each}" for each in ASKED]
        by_title = hearing.offered(f"[{title}]", [*every, *shown, *given])
        return bool(by_title or hearing.keyword(title) or hearing.says_yes(title) or hearing.says_no(title))

    assert [] == [title for title in titles.values() if not understood(title)]


@pytest.mark.parametrize(
    ("written", "privacy"), [("Terbuka", "open"), ("[anonim]", "anonymous"), ("Secret.", "secret")]
)
def test_how_much_may_be_shown_is_said_in_words(written: str, privacy: str) -> None:
    """A word that is a choice is no part of the complaint; beyond the question it is what it says."""
    citizen = Telephone(())
    citizen.writes(COMPLAINT)
    citizen.writes(written)
    citizen.writes("ya")
    citizen.writes(written)
    [draft] = citizen.submitted

    assert privacy == draft.fields["privacy"]
    assert f"{COMPLAINT}\n{written}" == draft.text
