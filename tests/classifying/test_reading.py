"""Words as people type them, and the words that are meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.classifying.lexicon import lexicon
from shared.domain.classifying.reading import read, spoken, stems
from shared.domain.classifying.spelling import corrected
from shared.domain.classifying.stemming import stem
from tests.classifying.known import SHARED

LEXICON = lexicon(SHARED.rules)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("selokannya", "selokan"),
        ("rumahku", "rumah"),
        ("jalanmu", "jalan"),
        ("rusaklah", "rusak"),
        ("lampukah", "lampu"),
        ("mampetnya", "mampet"),
        ("gotnya", "got"),
        ("bpjsnya", "bpjs"),
        ("diangkut", "angkut"),
        ("diangkut2", "angkut"),
        ("diangkut-angkut", "angkut"),
        ("pengangkutan", "angkut"),
        ("ketutup", "tutup"),
        ("genangan", "genangan"),
        ("sampah2nya", "sampah"),
        ("gorong2", "gorong"),
        ("gorong-gorong", "gorong"),
        ("JALAN", "jalan"),
        ("jalannnn", "jalan"),
        ("jln", "jalan"),
        ("lmpu", "lampu"),
        ("smph", "sampah"),
        ("blm", "belum"),
        ("gmn", "bagaimana"),
        ("knp", "kenapa"),
        ("kpn", "kapan"),
        ("brp", "berapa"),
        ("nyapu", "sapu"),
        ("\uff2aalan", "jalan"),
    ],
)
def test_a_word_is_the_word_that_is_meant(typed: str, meant: str) -> None:
    """Affixes, doubling, abbreviations, capitals and drawn out letters are seen through."""
    assert (stem(meant),) == stems(typed)


@pytest.mark.parametrize("word", ["perjalanan", "keterangan", "pemadam", "pelayanan", "perumahan", "kebakaran"])
def test_what_means_something_else_stays_whole(word: str) -> None:
    """A journey is no road, a certificate no street light, a fire brigade no power cut."""
    assert (word,) == stems(word)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("lampu mati depan puskesmas", {"puskesmas"}),
        ("lmpu mati dpn puskesmas", {"puskesmas"}),
        ("lampu mati di depan kantor pos besar", {"kantor", "pos"}),
        ("sampah di samping sekolah menumpuk", {"sekolah"}),
        ("pengemis di lampu merah", {"lampu", "merah"}),
        ("antre di puskesmas", set()),
    ],
)
def test_what_only_tells_the_place(text: str, places: set[str]) -> None:
    """What stands behind "depan", "dekat", "di samping" is where, not what."""
    words = read(text, LEXICON.phrases)

    assert places == {word.word for word in words if word.place}


@pytest.mark.parametrize(
    ("text", "names", "road_is_matter"),
    [
        ("dokter jarang ada di jalan Sutomo", {"sutomo"}, False),
        ("dokternya di jl. Dokter Wahidin galak", {"dokter", "wahidin"}, False),
        ("Jalan Guru Patimah rusak", {"guru", "patimah"}, True),
        ("jl. KH. Agus Salim no 12 berlubang", {"kh", ".", "agus", "salim", "nomor", "12"}, True),
        ("Jalan rusak di kampung kami", set(), True),
        ("jalan kampung belum diaspal", set(), True),
    ],
)
def test_street_names(text: str, names: set[str], road_is_matter: bool) -> None:
    """A street's name gives no category away; whether the street is the matter, what stands before it tells."""
    words = read(text, LEXICON.phrases)
    [road] = [word for word in words if word.word == "jalan"]

    assert names == {word.word for word in words if word.name}
    assert road_is_matter == (not road.place)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("puskemas", "puskesmas"),
        ("jembtan", "jembatan"),
        ("skeolah", "sekolah"),
        ("ktpku", "ktp"),
        ("smpe", "smpe"),
        ("jmbtn", "jembatan"),
        ("psksms", "puskesmas"),
        ("bansose", "bansos"),
        ("selokna", "selokan"),
        ("penerangn", "penerangan"),
        ("copet", "copet"),
        ("cepet", "cepet"),
        ("pemda", "pemda"),
        ("sutomo", "sutomo"),
        ("jalan", "jalan"),
        ("pkj", "pkj"),
    ],
)
def test_slips_of_the_pen(typed: str, meant: str) -> None:
    """A letter missing, doubled or exchanged is forgiven; another word is another word, and names are left alone."""
    assert meant == corrected(typed, LEXICON.words | {"puskesmas", "jembatan", "sekolah", "selokan", "penerangan"})


@given(st.text(max_size=400))
def test_any_text_can_be_read(text: str) -> None:
    """Whatever is sent, there are words or there are none; the places of words never go backwards."""
    words = read(text, LEXICON.phrases)

    assert [word.at for word in words] == sorted(word.at for word in words)


@given(
    st.lists(
        st.sampled_from(["jln", "JALAN", "got2nya", "gorong-gorong", "lmpu mati", "di depan", ".", "puskesmas"])
        | st.text()
    )
)
def test_words_alone_are_the_words_of_the_whole_reading(parts: list[str]) -> None:
    """Who asks for words and stems only is told the same, in their order, whichever of them tell a place."""
    text = " ".join(parts)

    assert [(word.word, word.stem) for word in read(text, LEXICON.phrases) if not word.ends] == list(spoken(text))
