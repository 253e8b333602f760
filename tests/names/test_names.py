"""Names compared as people mean them."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.base.names import canonical, chosen, spelled

ROADS = "PEKERJAAN UMUM DAN PENATAAN RUANG"
KNOWN = ("KESEHATAN", ROADS, "SP4N-LAPOR!")

SPELLINGS = [
    "PEKERJAAN UMUM DAN PENATAAN RUANG",
    "pekerjaan umum dan penataan ruang",
    "Pekerjaan Umum  dan\tPenataan\nRuang",
    "  PEKERJAAN UMUM DAN PENATAAN RUANG ",
    "PEKERJAAN\u00a0UMUM DAN\u3000PENATAAN RUANG",
    "\uff30EKERJAAN UMUM DAN PENATAAN RUANG",
    "PEKERJAAN UMUM\u200b DAN PENATAAN RUANG\ufeff",
]


@pytest.mark.parametrize(("one", "other"), list(pairwise(SPELLINGS)))
def test_spellings_of_one_name(one: str, other: str) -> None:
    """Case, blanks of any kind, invisible characters and Unicode's variants make no other name."""
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize("written", SPELLINGS)
def test_the_lists_own_spelling(written: str) -> None:
    """However it is written, what is shown and counted is the list's spelling."""
    assert ROADS == spelled(written, KNOWN)


@pytest.mark.parametrize("written", [None, "", " \u200b", "PEKERJAAN UMUM", "KESEHATANDAN", "SP4N LAPOR"])
def test_no_name_of_the_list(written: str | None) -> None:
    """Part of a name, nothing, or blanks alone are no entry, not even where the list holds an empty one."""
    assert spelled(written, (*KNOWN, "")) is None


def test_what_no_list_can_hold_is_not_looked_for() -> None:
    """A megabyte of letters that unfold to eighteen each is no name, and nobody waits for what it would come to."""
    unfolding = "\ufdfa" * 350_000

    assert (None, None) == (spelled(unfolding, KNOWN), chosen(unfolding, KNOWN))
    assert (ROADS, ROADS) == (spelled(ROADS + " " * 900, KNOWN), chosen(ROADS + " " * 900, KNOWN))


@given(st.text())
def test_canonical_is_settled(name: str) -> None:
    """The canonical form of a canonical form is itself, for any text there is."""
    assert canonical(name) == canonical(canonical(name))


@given(st.text(st.characters(max_codepoint=127)))
def test_plain_letters_take_a_short_way_to_the_same_form(name: str) -> None:
    """An invisible character, which makes no difference, leads a name the long way."""
    assert canonical(f"{name}\u200b") == canonical(name)


@given(st.sampled_from(("in_progress", "other_agency", "open")), st.data())
def test_a_word_is_chosen_in_any_letters(word: str, data: st.DataObject) -> None:
    """Capitals, blanks around it, and blanks or hyphens for its underscores make no other word."""
    letters = [data.draw(st.sampled_from((" ", "-", "_") if sign == "_" else (sign, sign.upper()))) for sign in word]
    around = data.draw(st.text(" \t\u200b", max_size=3))

    assert word == chosen(f"{around}{''.join(letters)}{around}", ("open", "in_progress", "other_agency", "secret"))


def test_a_title_stands_for_its_word() -> None:
    """An office may be given by its name; the word itself comes first."""
    known = {"a": "b", "b": "Dinas Kesehatan"}

    assert ["b", "b", "a", None] == [chosen(each, known) for each in ("dinas  KESEHATAN", "B", "a", "c")]
