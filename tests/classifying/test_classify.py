"""Class and category by words; what is not clear is a person's."""

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.domain.classifying.classify import classify
from shared.domain.sop.annexes import Classification, KeywordRule
from tests.classifying.known import ENERGY, HEALTH, ORDER, PAPERS, ROADS, SCHOOL, SHARED, TRAFFIC, WASTE, corpus
from tests.sop.walker import TENANTS

WORDS_ONLY = replace(SHARED, model=None)


@pytest.mark.parametrize(
    ("text", "classification", "category"),
    [
        ("Jalan rusak dan berlubang di depan pasar", "complaint", ROADS),
        ("JALAN   RUSAK\nparah", "complaint", ROADS),
        ("Bagaimana cara mengurus kartu keluarga?", "question", PAPERS),
        ("Usul: sebaiknya ada beasiswa untuk siswa", "suggestion", SCHOOL),
        ("Untuk diketahui, besok panen padi bersama petani", "information", "PERTANIAN DAN PETERNAKAN"),
        ("Lampu penerangan jalan umum mati sudah seminggu", "complaint", TRAFFIC),
        ("Tumpukan sampah di TPS berbau busuk", "complaint", WASTE),
        ("Listrik padam terus", "complaint", ENERGY),
        ("Mohon dibantu", "complaint", None),
        ("Perjalanan saya menyenangkan", "information", None),
        ("lmpu jln dpn puskesmas mati pak, blm dibenerin2", "complaint", TRAFFIC),
        ("got dpn rmh mampet", "complaint", ROADS),
        ("banjir lg pak, smpe masuk rumah", "complaint", ROADS),
        ("air ledengnya mati dr kmrn", "complaint", ROADS),
        ("polisi tidurnya ketinggian, tolong dipapras", "complaint", TRAFFIC),
        ("rawan begal di jembatan layang", "complaint", ORDER),
        ("sampahnya ga diangkut2", "complaint", WASTE),
        ("dokternya ga pernah ada di puskesmas jalan Sutomo", "complaint", HEALTH),
        ("syarat bikin ktp apa aja", "question", PAPERS),
        ("brp biaya bikin kk baru", "question", PAPERS),
        ("makasih pak jalan kampung kami sdh diaspal", "information", ROADS),
    ],
)
def test_texts(text: str, classification: str, category: str | None) -> None:
    """Careful texts and rough ones, in the words that people use."""
    found = classify(SHARED, text)

    assert (classification, category) == (found.classification, found.category)


@pytest.mark.parametrize(
    ("text", "office"),
    [
        ("sertifikat tanah saya belum jadi di bpn", "land"),
        ("laporan kehilangan di polsek tidak diproses", "police"),
        ("petugas bps datang sensus", "statistics"),
        ("bpjs kesehatan saya nonaktif", "health_insurance"),
        ("cara lapor spt di kantor pajak", "tax"),
        ("perpanjang sim di polres", "police"),
    ],
)
@pytest.mark.parametrize("classification", [SHARED, WORDS_ONLY], ids=["model", "words"])
def test_an_office_without_category_is_found(classification: Classification, text: str, office: str) -> None:
    """It is recognised and said so, and a person decides: nothing goes to an agency by itself."""
    found = classify(classification, text)

    assert found.category is None
    assert {"decided:office", f"office:{office}"} <= set(found.reasons)


@pytest.mark.parametrize("text", ["", " ", "\n", "...", "?!", "\u200b", "12345", "p"])
def test_nothing_said(text: str) -> None:
    """What gives nothing away has the SOP's default class, or information, and no category."""
    found = classify(SHARED, text)

    assert found.category is None
    assert found.classification in ("complaint", "information")


def test_without_rules() -> None:
    """An SOP without rules leaves both to a person."""
    found = classify(TENANTS.get("cilacap").sop.classification, "Jalan rusak")

    assert (None, None, ()) == (found.classification, found.category, found.reasons)


def _rules(*rules: KeywordRule) -> Classification:
    return Classification(rules=rules, default_classification="complaint")


ONE, OTHER = KeywordRule(words=("laut",), category="LAUT"), KeywordRule(words=("kapal",), category="KAPAL")


def test_a_draw_goes_to_a_person() -> None:
    """Two categories alike are none, in whatever order the list has them; one word more decides."""
    for rules in ((ONE, OTHER), (OTHER, ONE)):
        assert classify(_rules(*rules), "kapal di laut").category is None
        assert "decided:draw" in classify(_rules(*rules), "kapal di laut").reasons
    more = KeywordRule(words=("nelayan",), category="LAUT")

    assert "LAUT" == classify(_rules(OTHER, ONE, more), "kapal nelayan di laut").category


def test_a_hint_alone_is_too_weak() -> None:
    """Hints help, and decide nothing alone."""
    rules = _rules(KeywordRule(words=("dermaga",), hints=("ombak",), category="LAUT"), OTHER)

    assert (None, "LAUT") == (classify(rules, "ombak").category, classify(rules, "dermaga kena ombak").category)


def test_a_governments_own_words_count_beside_the_model() -> None:
    """What an administrator adds is found at once, a category that the model never saw included."""
    own = replace(SHARED, rules=(KeywordRule(words=("komidi putar",), category="WAHANA"), *SHARED.rules))

    assert "WAHANA" != classify(SHARED, "komidi puter di alun-alun").category
    assert "WAHANA" == classify(own, "komidi putarnya berisik di alun-alun").category


def test_a_category_that_was_taken_out_is_never_given() -> None:
    """The rules say which categories there are; what the model learned besides does not count."""
    fewer = replace(SHARED, rules=tuple(rule for rule in SHARED.rules if rule.category != TRAFFIC))

    assert all(classify(fewer, text.text).category != TRAFFIC for text in corpus().halves["tuning"])


def test_a_category_keeps_the_spelling_of_the_rules() -> None:
    """The model's labels are found under a government's own spelling of them."""
    spelled = tuple(
        replace(rule, category="Perhubungan ") if rule.category == TRAFFIC else rule for rule in SHARED.rules
    )

    assert "Perhubungan " == classify(replace(SHARED, rules=spelled), "lampu jalan mati").category


@settings(max_examples=25, deadline=None)
@given(st.integers(), st.sampled_from(corpus().halves["tuning"]))
@pytest.mark.parametrize("classification", [SHARED, WORDS_ONLY], ids=["model", "words"])
def test_the_order_of_the_rules_decides_nothing(classification: Classification, seed: int, text: object) -> None:
    """The same text has the same class and category in whatever order the list stands."""
    said = text.text  # type: ignore[attr-defined]
    shuffled = list(classification.rules)
    random.Random(seed).shuffle(shuffled)
    one, other = classify(classification, said), classify(replace(classification, rules=tuple(shuffled)), said)

    assert (one.classification, one.category) == (other.classification, other.category)


@given(
    st.text(), st.sampled_from(["lampu jalan mati di rumah Siti Rohmah 081234567890", "ktp atas nama Budi Santoso", ""])
)
def test_reasons_are_the_catalogues_words(said: str, text: str) -> None:
    """No reason holds a word of the reporter's: only codes, numbers, offices and words of the catalogue."""
    catalogue = {word for rule in SHARED.rules for word in (*rule.words, *rule.hints)}
    offices = {rule.office for rule in SHARED.rules}
    for reason in classify(SHARED, f"{text} {said}").reasons:
        code, _, value = reason.partition(":")
        match code:
            case "word":
                assert value in catalogue
            case "office":
                assert value in offices
            case "decided":
                assert value in ("clear", "draw", "weak", "office", "unknown")
            case "sure":
                assert 0 <= int(value) <= 100
            case _:
                assert f"model:{SHARED.model.version if SHARED.model else ''}" == reason
