"""What a template says is said as if it were looked up when the page is made: escaped, and in the page's language."""

from typing import Any

import pytest
from flask import Flask, render_template
from jinja2 import DictLoader
from markupsafe import Markup, escape

from portal.pages.frame import templates


@pytest.fixture
def app() -> Flask:
    """An application with nothing but templates."""
    made = Flask("portal", static_folder=None)
    made.jinja_loader = DictLoader(
        {
            "seen.html": "{% trans what=seen | join(', ') %}Pelapor akan melihat: {{ what }}.{% endtrans %}",
            "value.html": "{{ value }}",
            "share.html": "{% trans n=n %}{{ n }} % pasti{% endtrans %}, {% trans %}100 % pasti{% endtrans %}",
            "counted.html": "{% trans n=n %}Perbaiki {{ n }} hal berikut. Tulisan Anda masih ada di halaman ini."
            "{% pluralize %}Perbaiki {{ n }} hal berikut. Tulisan Anda masih ada di halaman ini.{% endtrans %}",
            "told.html": "{{ told.ticket }}, {{ told.title is defined }}, {{ told.items() | length }}, {{ told.keys }}",
        }
    )
    templates.install(made)
    return made


def _page(app: Flask, language: str, name: str, **values: Any) -> str:
    with app.test_request_context(f"/?bahasa={language}"):
        return render_template(templates.template(app, name), **values)


@pytest.mark.parametrize(("language", "told"), [("id", "Pelapor akan melihat"), ("en", "The reporter will see")])
def test_a_sentence_is_in_the_pages_language_and_its_values_are_escaped(app: Flask, language: str, told: str) -> None:
    """Also where the values are put together by a filter."""
    assert f"{told}: &lt;b&gt;, a &amp; b." == _page(app, language, "seen.html", seen=["<b>", "a & b"])


def test_a_sign_that_formats_means_itself_in_a_sentence(app: Flask) -> None:
    """With values and without."""
    assert "87 % pasti, 100 % pasti" == _page(app, "id", "share.html", n=87)


@pytest.mark.parametrize(("number", "many"), [(1, "the following"), (2, "the following 2 things")])
def test_what_is_counted_is_told_by_its_number(app: Flask, number: int, many: str) -> None:
    """Which of two sentences is said is known when the page is made."""
    told = _page(app, "en", "counted.html", n=number)
    assert f"Correct {many}. Your text is still on this page." == told
    assert _page(app, "id", "counted.html", n=number).startswith(f"Perbaiki {number} hal berikut.")


def test_what_a_service_tells_is_found_by_its_name_and_a_dictionarys_own_methods_stay(app: Flask) -> None:
    """What is not there is undefined, and no error."""
    told = _page(app, "id", "told.html", told={"ticket": "CLP-2026-000001", "keys": "lost", "at": None})

    assert told.startswith("CLP-2026-000001, False, 3, &lt;built-in method keys")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("jalan rusak", "jalan rusak"),
        ("a & b", "a &amp; b"),
        ("1 < 2", "1 &lt; 2"),
        ("2 > 1", "2 &gt; 1"),
        ('"kata"', "&#34;kata&#34;"),
        ("Jum'at", "Jum&#39;at"),
        (Markup("<b>tebal</b>"), "<b>tebal</b>"),
        (7, "7"),
        (None, "None"),
    ],
)
def test_a_value_stands_in_a_page_as_it_is_escaped_by_the_library(app: Flask, value: Any, shown: str) -> None:
    """Every sign that means something in HTML; what says of itself that it is HTML stays."""
    assert shown == _page(app, "id", "value.html", value=value) == escape(value)
