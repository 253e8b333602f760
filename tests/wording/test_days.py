"""Days and months are named in two languages."""

from datetime import date

import pytest

from shared.wording.days import date_text, day_names, month_names


@pytest.mark.parametrize(
    ("language", "first", "fifth", "month", "text"),
    [
        ("id", "Senin", "Jumat", "Agustus", "17 Agustus 2026"),
        ("en", "Monday", "Friday", "August", "17 August 2026"),
    ],
)
def test_days_and_months_have_their_names(language: str, first: str, fifth: str, month: str, text: str) -> None:
    """The week begins on Monday, and nothing is short of a day or a month."""
    days, months = day_names(language), month_names(language)

    assert (7, 12) == (len(set(days)), len(set(months)))
    assert (first, fifth, month) == (days[0], days[4], months[7])
    assert text == date_text(date(2026, 8, 17), language)
