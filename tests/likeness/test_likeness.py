"""Complaints about one matter are told from others, and nothing that is kept of them can be read."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.likeness.comparing import WINDOW, likeness, meet
from shared.domain.likeness.matter import Matter, matter_of
from shared.domain.likeness.past import LEAST_EXAMPLES, LEAST_OF_ONE, MOST, Example, Past, buckets_of
from shared.domain.likeness.past import WINDOW as MOST_EXAMPLES
from shared.domain.likeness.sketch import Sketcher

AT = datetime(2026, 10, 5, 1, 0, tzinfo=UTC)
HANUM = {"kecamatan": "Dayeuhluhur", "desa": "Hanum"}
KEY = b"k" * 32

_TEXT = st.text(st.sampled_from("abcdefghij klmno prstu"), max_size=60)
_WORDS = ("jalan", "lubang", "lampu", "pasar", "sampah", "air", "mati", "hanum", "rusak")
_IN_WORDS = st.builds(
    Matter,
    stems=st.lists(st.sampled_from(_WORDS), max_size=8).map(tuple),
    at=st.integers(0, 100).map(lambda days: AT + timedelta(days=days)),
    desa=st.sampled_from([None, "Hanum", "Bingkeng"]),
    kecamatan=st.sampled_from([None, "Dayeuhluhur"]),
)
_PINNED = st.builds(
    Matter, stems=st.just(("jalan", "lubang")), at=st.just(AT), lat=st.floats(-8, -6), lon=st.floats(108, 110)
)
_MATTERS = _IN_WORDS | _PINNED


def _matter(message: str, location: dict[str, Any] | None = None, **timespan: float) -> Matter:
    return matter_of({"message": message, "location": location or {}}, AT + timedelta(**timespan))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "Jalan utama desa Hanum berlubang cukup dalam.",
            "Jalan utama Desa Hanum berlubang dalam, sudah dua motor jatuh",
        ),
        ("lampu jalan depan pasar Bendo mati 1 minggu", "Lampu penerangan jalan di pasar bendo padam sudah lama"),
        ("Air PDAM tidak mengalir sejak senin di RT 02", "PDAM mati air dari hari senin RT 2 RW 1"),
        ("JLN UTAMA HANUM BERLUBANG DALAM", "jalan utama hanum lubangnya dalam sekali"),
    ],
)
def test_two_people_about_one_thing(one: str, other: str) -> None:
    """In their own words, in the same village and week."""
    assert likeness(_matter(one, HANUM), _matter(other, HANUM, days=2)).suggested
    assert meet(Sketcher(KEY), "cilacap", _matter(one, HANUM), _matter(other, HANUM, days=2))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jalan utama desa Hanum berlubang cukup dalam.", "Pelayanan KTP lambat sekali"),
        ("lampu jalan depan pasar Bendo mati 1 minggu", "Air PDAM tidak mengalir sejak senin"),
        ("Sampah menumpuk di pinggir jalan", "Guru SD sering tidak masuk"),
        ("Sampah menumpuk di pinggir jalan", ""),
    ],
)
def test_two_things_in_one_village(one: str, other: str) -> None:
    """The same place on the same day makes no matter."""
    assert not likeness(_matter(one, HANUM), _matter(other, HANUM)).suggested


def test_the_same_words_far_away() -> None:
    """A hole in another village is another hole, and so is one three kilometres off."""
    words = "Jalan depan sekolah berlubang"
    here, there = {"lat": -7.30, "lon": 108.70}, {"lat": -7.33, "lon": 108.70}
    villages = likeness(_matter(words, HANUM), _matter(words, {"kecamatan": "Wanareja", "desa": "Bantar"}))
    points = likeness(_matter(words, here), _matter("Depan sekolah jalannya lubang", there))

    assert 0.0 == villages.place == points.place
    assert 3336 == points.metres
    assert villages.score < likeness(_matter(words, HANUM), _matter(words, HANUM)).score
    assert [False, False] == [villages.suggested, points.suggested]


@given(_MATTERS, _MATTERS)
def test_likeness_knows_no_first(one: Matter, other: Matter) -> None:
    """Whichever is asked about, the answer is one; all shares lie between nothing and all."""
    common = likeness(one, other)

    assert common == likeness(other, one)
    assert all(0 <= share <= 1 for share in (common.score, common.text, common.place or 0))
    assert meet(Sketcher(KEY), "cilacap", one, other) == meet(Sketcher(KEY), "cilacap", other, one)


@given(_MATTERS)
def test_nothing_is_more_alike_than_itself(one: Matter) -> None:
    """The very same complaint has every share."""
    common = likeness(one, one)

    assert (1.0 if one.stems else 0.0) == common.text
    assert 0 == common.days
    assert common.metres in (None, 0)


def test_what_is_too_old_is_another_matter() -> None:
    """After a month nobody is asked whether it is the same."""
    words = "Jalan utama desa Hanum berlubang cukup dalam."
    before = [
        meet(Sketcher(KEY), "cilacap", _matter(words, HANUM), _matter(words, HANUM, days=day)) for day in (30, 31)
    ]

    assert [True, False] == before
    assert 30 == WINDOW.days


@given(_TEXT, _TEXT)
def test_hashes_belong_to_one_key_and_one_government(one: str, other: str) -> None:
    """Without the key nobody can make them, and no government's complaints are found by another's."""
    stems = tuple(f"{one} {other} jalan lubang".split())
    bands = Sketcher(KEY).bands("cilacap", stems)

    assert bands == Sketcher(KEY).bands("cilacap", tuple(reversed(stems)))
    assert bands.isdisjoint(Sketcher(b"x" * 32).bands("cilacap", stems))
    assert bands.isdisjoint(Sketcher(KEY).bands("bantul", stems))


def test_hardly_any_words_are_like_nothing() -> None:
    """Half of all complaints say "jalan rusak"."""
    assert not Sketcher(KEY).bands("cilacap", ("jalan", "rusak", "jalan"))


@given(st.floats(-11, 6), st.floats(95, 141), st.floats(-0.0044, 0.0044), st.floats(-0.0044, 0.0044))
def test_whatever_is_near_is_found(lat: float, lon: float, up: float, right: float) -> None:
    """Within 500 metres, whichever side of a square's border."""
    sketcher = Sketcher(KEY)

    assert sketcher.cell("cilacap", lat + up, lon + right) in sketcher.cells_around("cilacap", lat, lon)


def _past(*labels: str, words: dict[str, str]) -> Past:
    return Past(Example(label, buckets_of(KEY, "cilacap", words[label].split())) for label in labels)


WORDS = {"roads": "jalan lubang aspal", "schools": "guru sekolah murid", "lights": "lampu padam tiang"}


def test_the_past_is_asked() -> None:
    """The likeliest first; what there is no longer is not suggested."""
    past = _past(*["roads"] * 20, *["schools"] * 10, words=WORDS)
    asked = buckets_of(KEY, "cilacap", ["guru", "murid"])

    assert ("schools", "roads") == past.guess(asked, list(WORDS))
    assert ("roads",) == past.guess(asked, ["roads", "lights"])
    assert () == past.guess(buckets_of(KEY, "cilacap", ["kuburan"]), list(WORDS))


def test_a_short_past_says_nothing() -> None:
    """Of few examples nothing can be learnt, nor of an answer that was hardly ever given."""
    few = _past(*["roads"] * (LEAST_EXAMPLES - 1), words=WORDS)
    seldom = _past(*["roads"] * LEAST_EXAMPLES, *["lights"] * (LEAST_OF_ONE - 1), words=WORDS)
    asked = buckets_of(KEY, "cilacap", ["jalan", "lampu"])

    assert ((), ("roads",)) == (few.guess(asked, list(WORDS)), seldom.guess(asked, list(WORDS)))


def test_old_examples_are_forgotten() -> None:
    """What counts are the latest: as if the others had never been."""
    recent = [Example(label, buckets_of(KEY, "c", WORDS[label].split())) for label in ("roads", "lights")] * 1500
    long = Past([*(Example("schools", buckets_of(KEY, "c", ["jalan"])) for _ in range(100)), *recent])
    asked = buckets_of(KEY, "c", ["jalan"])

    assert MOST_EXAMPLES == len(recent)
    assert ("roads", "lights") == long.guess(asked, list(WORDS)) == Past(recent).guess(asked, list(WORDS))
    assert len(long.guess(asked, list(WORDS))) <= MOST


@given(st.lists(st.sampled_from([*WORDS, None]), max_size=80), st.randoms())
def test_what_is_learnt_one_by_one_is_what_is_learnt_at_once(labels: list[str | None], chance: Any) -> None:
    """So that tables that were made anew suggest what those before them did."""
    examples = [
        Example(label, buckets_of(KEY, "c", chance.sample(WORDS[label or "roads"].split(), 2))) for label in labels
    ]
    grown = Past()
    for example in examples:
        grown.add(example)
    asked = buckets_of(KEY, "c", ["jalan", "guru", "lampu"])

    assert Past(examples).guess(asked, list(WORDS)) == grown.guess(asked, list(WORDS))
