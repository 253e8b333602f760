"""Pins: where a telephone is need not be where something happened."""

from shared.channels.talk.world import Act
from tests.channels.talking import COMPLAINT, WAITING, Telephone

AREA = (-7.8, 108.5, -7.1, 109.4)
FAR, NEAR, BESIDE = (-6.2, 106.8, "Monas"), (-7.3, 108.9, "Hanum"), (-7.83, 108.9, "")


def test_a_pin_far_away_is_told_and_asked_for_again() -> None:
    """Where somebody is on the way need not be where something happened; beside the border it may be."""
    for pin in (NEAR, BESIDE):
        told = Telephone(("location", "message"), area=AREA)
        told.writes(COMPLAINT)
        told.writes("1")
        told.writes(kind="place", place=pin)
        assert pin == (told.talk.draft.place if told.talk.draft else None)
    asked = Telephone(("location", "message"), area=AREA)
    asked.writes(COMPLAINT)
    asked.writes("1")
    said = [asked.writes(kind="place", place=FAR) for _ in range(3)]
    assert ["di luar Cilacap" in each[0].text for each in said] == [True] * 3
    assert ["desa dan kecamatan" in each[-1].text for each in said] == [True, True, False]
    assert asked.talk.draft is not None
    assert (None, ("location",), "review") == (asked.talk.draft.place, asked.talk.draft.missing, asked.talk.state)


def test_a_far_pin_takes_no_words_or_photos_with_it() -> None:
    """In a first message, while something else is asked, and for a complaint that waits for an answer."""
    told = Telephone(area=AREA)
    told.writes(COMPLAINT, place=FAR, media=("foto",))
    assert told.talk.draft is not None
    assert (COMPLAINT, ("foto",), None) == (told.talk.draft.text, told.talk.draft.media, told.talk.draft.place)
    told.writes("1")
    told.writes(kind="place", place=FAR)
    assert ("asking", "reporter.name") == (told.talk.state, told.talk.field)
    returned = Telephone(area=AREA, own=(WAITING,))
    returned.writes("Depan toko Makmur", place=FAR)
    assert [{"message": "Depan toko Makmur"}] == [each.fields for each in returned.every if isinstance(each, Act)]
    assert [] == [each for each in Telephone(area=AREA, own=(WAITING,)).writes(place=FAR) if "Tambahan" in each.text]


def test_without_an_area_a_pin_is_taken_in_the_country() -> None:
    """And not where a telephone without a fix believes itself to be."""
    for pin, kept in ((FAR, True), ((0.0, 0.0, ""), False), ((90.0, 180.0, ""), False)):
        told = Telephone()
        told.writes(COMPLAINT, place=pin)
        assert told.talk.draft is not None
        assert kept == (told.talk.draft.place is not None)


def test_a_pin_that_comes_while_a_complaint_is_being_filed_is_not_lost() -> None:
    """It waits in words, and becomes what is written next."""
    told = Telephone(("message",))
    told.writes(COMPLAINT)
    told.presses("Ya, kirim")
    told.presses("Anonim")
    assert "filing" == told.talk.state
    told.writes(kind="place", place=NEAR)
    told.receipt()
    assert told.talk.draft is not None
    assert told.talk.draft.text.startswith("Hanum (-7.3")


def test_a_pin_is_asked_for_by_a_button() -> None:
    """Where the channel has one, in the language that is spoken; nothing else is asked for by it."""
    told = Telephone(("reporter.name", "location", "message"))
    told.writes(COMPLAINT)
    [asked] = told.writes("1")
    assert ("", "Kirim lokasi") == (asked.place, told.writes("Siti Rahayu")[-1].place)
