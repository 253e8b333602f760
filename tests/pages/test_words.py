"""Both languages say everything."""

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from flask import Flask

from portal.pages.frame.language import ENGLISH, english
from portal.pages.officer.choices import LISTED
from portal.pages.officer.chosen_words import in_words
from portal.pages.officer.words import choice_words
from shared.domain.tenants import load_tenant
from shared.platform.settings import PROJECT
from tests.pages.visitor import Visitor

_METHODS = [("templates/**.html", "jinja2"), ("**.py", "python")]
_OPTIONS = {
    "templates/**.html": {
        "extensions": "jinja2.ext.i18n",
        "trim_blocks": "true",
        "lstrip_blocks": "true",
        "newstyle_gettext": "true",
        "silent": "false",
    }
}
_KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "gettext_in": (2,)}
_PLACE = re.compile(r"%\((\w+)\)s")


def _sentences() -> set[str]:
    found = extract_from_dir(PROJECT / "portal", method_map=_METHODS, options_map=_OPTIONS, keywords=_KEYWORDS)
    return {each[2] if isinstance(each[2], str) else each[2][0] for each in found}


def test_every_sentence_has_its_english_and_none_is_left_over() -> None:
    """What templates and code say stands in the catalogue, with the same values; what nobody says does not."""
    with ENGLISH.open("rb") as file:
        catalog = read_po(file, locale="en")
    known = {message.id if isinstance(message.id, str) else message.id[0]: message for message in catalog if message.id}

    assert _sentences() == set(known)
    for sentence, message in known.items():
        assert not message.fuzzy
        told = [message.string] if isinstance(message.string, str) else list(message.string or ())
        assert all(told), sentence
        values = [set(_PLACE.findall(each)) for each in told]
        # One thing need not be counted in words.
        assert set(_PLACE.findall(sentence)) == values[-1], sentence
        assert all(each <= values[-1] for each in values), sentence


def test_what_was_chosen_in_any_form_of_a_dossier_is_told_by_its_word() -> None:
    """A list that is added later too: what a page shows to be copied is no word of programs."""
    home = load_tenant(PROJECT / "tenants" / "cilacap")
    chosen = {"outcome": "refused", "document": "nota_dinas", "channel": "telephone", "note": "refused"}
    with Flask("test").test_request_context("/?bahasa=id"):
        told = in_words(chosen | dict.fromkeys(LISTED - {"agency", "unit"}, "wrong_agency"), home)
        words = {choice_words("wrong_agency")}

    assert ("ditolak", "nota dinas", "telepon", "refused") == tuple(told[name] for name in chosen)
    assert words == {told[name] for name in LISTED - {"agency", "unit"}}


def test_hours_are_told_as_the_language_tells_them(visitor: "type[Visitor]") -> None:
    """``07.30`` in Indonesian, ``07:30`` in English, where the office is open as everywhere else."""
    indonesian, english = (visitor(spoken).get("/cilacap/prosedur").text for spoken in ("id", "en"))

    assert re.search(r"\d\d\.\d\d-\d\d\.\d\d", indonesian)
    assert re.search(r"\d\d:\d\d-\d\d:\d\d", english)
    assert not re.search(r"\d\d\.\d\d-", english)


@pytest.mark.parametrize("path", ["", "/adukan", "/lacak", "/prosedur", "/data-anda", "/aksesibilitas", "/terima"])
def test_a_page_speaks_the_language_that_was_chosen(visitor: "type[Visitor]", path: str) -> None:
    """By the address, then by the cookie, else by the browser; Indonesian to whoever asks for neither."""
    asked, silent = visitor("en-GB"), visitor("de")
    chosen = visitor("en")
    chosen.get("/cilacap/?bahasa=id")

    assert ["en", "id", "id"] == [
        each.get(f"/cilacap{path or '/'}").one("html").attributes["lang"] for each in (asked, silent, chosen)
    ]


def test_a_language_is_chosen_by_hand_alone(visitor: "type[Visitor]") -> None:
    """An installed page's worker asks for itself in the language in which it came, whatever was chosen since."""
    somebody = visitor("en")
    somebody.get("/cilacap/?bahasa=en")
    worker = somebody.get("/cilacap/").one("link", rel="manifest").attributes["data-worker"]
    somebody.get("/cilacap/?bahasa=id")
    somebody.get(worker)
    after = somebody.get("/cilacap/").one("html").attributes["lang"]
    somebody.get("/cilacap/?bahasa=en", headers={"Sec-Fetch-Mode": "cors"})

    assert "bahasa=en" in worker
    assert ["id", "id"] == [after, somebody.get("/cilacap/").one("html").attributes["lang"]]


def test_no_template_speaks_outside_the_catalogue() -> None:
    """Letters between tags are somebody's words: all of them stand in ``trans`` blocks or come as values."""
    spoken = re.compile(
        r"{%-?\s*trans.*?endtrans\s*-?%}|{[%{#].*?[%}#]}|<svg.*?</svg>|<[^>]*>|&\w+;|[a-z-]+=\"[^\"]*\"", re.DOTALL
    )
    left = {
        path.name: words
        for path in sorted(Path(PROJECT / "portal/templates").rglob("*.html"))
        if (words := re.findall(r"[A-Za-z]{3,}", spoken.sub(" ", path.read_text(encoding="utf-8"))))
    }

    # The languages name themselves, and keys are called as they are labelled.
    assert {"layout.html": ["English", "Bahasa", "Indonesia"], "inbox.html": ["Enter"]} == left


def test_the_readmes_first_hour_says_what_stands_on_the_pages() -> None:
    """Every word that is to be pressed or looked for there is one of the pages', or of the government's files."""
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    hour = readme.partition("## A first hour")[2].partition("\n## ")[0]
    home = PROJECT / "tenants" / "majalengka"
    files = "".join((home / name).read_text(encoding="utf-8") for name in ("sop.yaml", "agencies.yaml"))
    said = set(re.findall(r"(?<!\*)\*([^*\n]+)\*(?!\*)", hour)) - {"English", "XLSX", "PDF", "CSV"}

    assert len(said) > 10
    assert [] == [each for each in said if each not in english().one and each not in files]
