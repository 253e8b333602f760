"""Tickets and tracking codes are known however people spell them."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from shared.domain.complaint.spelling import CODE_ALPHABET, code_of, new_ticket, ticket_of
from tests.fixtures.office import every_tenant

PREFIXES = sorted({prefix for tenant in every_tenant().all() for prefix in tenant.ticket_prefixes})
GAPS = ["", " ", "-", "--", " - ", "_", "/", ".", ":", "\t", "\n", "\u00a0", "\u200b", "\u00ad"]
DASHES = ["\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2015", "\u2212", "\ufe58", "\uff0d", "\u30fc"]
CODES = some.text(CODE_ALPHABET, min_size=10, max_size=10)


@pytest.mark.parametrize(
    "typed",
    [
        "CLP-2026-000123",
        "clp-2026-000123",
        "Clp-2026-000123",
        "#CLP-2026-000123",
        " # clp 2026 000123 ",
        "CLP2026000123",
        "CLP-2026-123",
        "clp 2026 0123",
        "CLP\u20132026\u2013000123",
        "CLP \u2014 2026 \u2014 000123",
        "CLP-2O26-OOO123",
        "CLP-2026-000I23",
        "clp-2o26-oool23",
        "C1P-2026-000123",
        "\uff23\uff2c\uff30-\uff12\uff10\uff12\uff16-\uff10\uff10\uff10\uff11\uff12\uff13",
        "CLP-\u0662\u0660\u0662\u0666-\u0660\u0660\u0660\u0661\u0662\u0663",
        "(CLP-2026-000123).",
        "\u200bCLP-2026-000123\ufeff",
        "CLP/2026/000123",
        "/CLP/2026/000123/",
        "No. CLP-2026-000123",
        "no CLP 2026 123",
        "Tiket CLP-2026-000123",
        "Nomor tiket: CLP-2026-000123",
        "No. Tiket : clp/2026/123",
        "Tiket No. #CLP-2026-000123",
        "ID aduan CLP-2026-000123",
    ],
)
def test_a_ticket_is_known_as_it_is_typed_pasted_and_heard(typed: str) -> None:
    """Small letters, signs around it, dashes of all kinds, missing zeros, letters for digits."""
    assert "CLP-2026-000123" == ticket_of(typed, ["CLP"])


@given(
    prefix=some.sampled_from(PREFIXES),
    year=some.integers(1000, 9999),
    number=some.integers(1, 999_999_999_999),
    gaps=some.lists(some.sampled_from(GAPS + DASHES), min_size=4, max_size=4),
    small=some.booleans(),
    letters=some.booleans(),
)
def test_every_ticket_of_every_government(
    prefix: str, year: int, number: int, gaps: list[str], small: bool, letters: bool
) -> None:
    """Whatever its government calls its tickets, and whatever stands between the parts."""
    ticket = new_ticket(prefix, year, number)
    head, *rest = ticket.split("-")
    digits = [each.translate(str.maketrans("01", "Ol")) if letters else each for each in rest]
    typed = gaps[0] + gaps[1].join([head, gaps[2].join(digits)]) + gaps[3]

    assert ticket == ticket_of(typed.lower() if small else typed, PREFIXES)


@pytest.mark.parametrize(
    "typed",
    ["", "#", "CLP", "CLP-2026", "BTL-2026-000123", "2026-000123", "CLP-2026-00012X", "CLP-" + "9" * 40, "\x00"],
)
def test_what_is_no_ticket_is_none(typed: str) -> None:
    """It comes back as nothing that was ever given out, in plain letters and digits."""
    told = ticket_of(typed, ["CLP"])

    assert "-" not in told
    assert told == "" or (told.isascii() and told.isalnum())


@given(prefix=some.text(some.sampled_from("NOMRTIKEADUBSCP"), min_size=2, max_size=6))
def test_no_words_are_taken_from_a_prefix_itself(prefix: str) -> None:
    """A government whose tickets begin with a word such as NO or ID keeps them."""
    assert f"{prefix}-2026-000123" == ticket_of(f"{prefix}-2026-000123", [prefix])
    assert f"{prefix}-2026-000123" == ticket_of(f"No. tiket: {prefix}/2026/000123", [prefix])


@given(some.text())
def test_no_text_breaks_the_reader(typed: str) -> None:
    """Whatever comes from outside."""
    for told in (ticket_of(typed, PREFIXES), code_of(typed)):
        assert told.replace("-", "") == "" or told.replace("-", "").isalnum()


@given(code=CODES, gap=some.sampled_from(GAPS + DASHES), small=some.booleans(), ones=some.sampled_from("LIl1i"))
def test_a_code_is_known_as_it_is_typed(code: str, gap: str, small: bool, ones: str) -> None:
    """In groups, in small letters, with a one or an I for an L."""
    typed = gap.join([code[:4], code[4:7], code[7:]])

    assert code == code_of((typed.lower() if small else typed).replace("L", ones).replace("l", ones))


@given(code=CODES, before=some.sampled_from(["Kode lacak: ", "KODE ", "kode pelacakan - ", "Tracking code: "]))
def test_a_code_is_known_with_the_words_before_it(code: str, before: str) -> None:
    """As it is pasted from a letter."""
    assert code == code_of(f"{before}{code}")


@given(some.lists(CODES, min_size=2, max_size=2, unique=True))
def test_two_codes_are_never_one(codes: list[str]) -> None:
    """Kindness to the hand that types costs no secret."""
    assert code_of(codes[0]) != code_of(codes[1])
