"""What is looked for is found, however much there is to look through."""

import base64

from hypothesis import given
from hypothesis import strategies as st

from tests.privacy import finding
from tests.privacy.finding import holds

_LETTERS = st.text("aAbB1.-\u00e9\u00c9", min_size=1, max_size=12)
_MANY = st.lists(_LETTERS, min_size=1, max_size=6, unique=True).map(tuple)


@given(words=_MANY, text=st.lists(_LETTERS | st.sampled_from(["aAbB1.-aAbB1", "x"]), max_size=6).map("".join))
def test_in_one_passage_the_same_is_found_as_word_by_word(words: tuple[str, ...], text: str) -> None:
    """Of words that begin alike, contain each other, or have capitals."""
    forms = [form for word in words for form, _ in finding._forms(word)]
    for kept in (text.encode(), *forms, *(form[:-1] for form in forms)):
        found = holds(kept, words)
        at_once = [finding._any_of(words, small=small) for small in (True, False)]
        passages = zip(at_once, (kept.lower(), kept), strict=True)

        assert bool(found) == any(bool(each.pattern) and bool(each.search(where)) for each, where in passages)


def test_a_word_is_found_in_much_else() -> None:
    """In clear, in capitals, in hexadecimal and in base64; and what is not there is not found."""
    words = ("Ratnawulan", "0813987654")
    much = b"x" * (finding._MUCH + 1)

    assert [] == holds(much, words)
    for disguised in (b"RATNAWULAN", b"Ratnawulan".hex().encode(), b"eHhSYXRuYXd1bGFueHg="):
        assert ["Ratnawulan"] == holds(much + disguised + much, words), disguised


@given(
    before=st.binary(max_size=5), word=st.text("abcxyzABC019 .", min_size=7, max_size=20), after=st.binary(max_size=5)
)
def test_in_base64_a_word_is_found_wherever_it_stands(before: bytes, word: str, after: bytes) -> None:
    """By signs that are its own, and by so many that none come together by chance."""
    [whole] = holds(base64.b64encode(before + word.encode() + after), (word,))
    shortest = min(len(form) for form, _ in finding._forms(word) if form != word.encode().lower())

    assert (word, True) == (whole, shortest >= finding._CERTAIN)
