"""Times as people read them on a page."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from portal.pages.frame import saying

NOW = datetime(2026, 10, 7, 10, 15, tzinfo=ZoneInfo("Asia/Jakarta"))
"""A Wednesday."""


def _brief(instant: datetime, language: str = "id") -> str:
    with Flask("test").test_request_context(f"/?bahasa={language}"):
        return saying.brief(instant, NOW)


@pytest.mark.parametrize(
    ("instant", "indonesian", "english"),
    [
        (NOW, "10.15", "10:15"),
        (NOW.replace(month=9, day=30), "Rab 30 Sep 10.15", "Wed 30 Sep 10:15"),
        (NOW.replace(day=5), "Sen 5 Okt 10.15", "Mon 5 Oct 10:15"),
        (NOW.replace(day=6), "Sel 6 Okt 10.15", "Tue 6 Oct 10:15"),
        (NOW.replace(day=8), "Kamis 10.15", "Thursday 10:15"),
        (NOW.replace(day=13), "Selasa 10.15", "Tuesday 10:15"),
        (NOW.replace(day=14), "Rab 14 Okt 10.15", "Wed 14 Oct 10:15"),
        (NOW.replace(year=2025), "Sel 7 Okt 2025 10.15", "Tue 7 Oct 2025 10:15"),
    ],
)
def test_a_moment_is_told_in_few_words(instant: datetime, indonesian: str, english: str) -> None:
    """Of today its time, of the coming days the weekday, of others the date."""
    assert [indonesian, english] == [_brief(instant, language) for language in ("id", "en")]


def test_no_two_days_are_told_alike() -> None:
    """Whoever reads a weekday knows whether it is over or is to come."""
    told = [_brief(NOW + timedelta(days=each)) for each in range(-20, 21)]

    assert len(told) == len(set(told))
