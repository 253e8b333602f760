"""A government's own colour on its pages: whatever it is, everything on them can be read."""

from dataclasses import replace
from pathlib import Path
from shutil import copyfile

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from shared.application.runtime import Runtime
from shared.domain.colour import GROUND, LEAST_CONTRAST, Colour, colour_of, contrast
from shared.domain.sop.reading.agencies import load_agencies
from shared.platform.settings import PROJECT
from shared.wording.yaml_lines import FileError

_RED = "#7a1f2b"


@pytest.fixture
def red(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bantul's pages have a colour of their own."""
    home = runtime.tenants.get("bantul")
    monkeypatch.setitem(runtime.tenants._known, "bantul", replace(home, colour=Colour(_RED)))


@pytest.mark.usefixtures("red")
def test_pages_bear_their_governments_colour_and_no_others(client: FlaskClient) -> None:
    """By a sheet of its own, which browsers keep for good; what an installed page keeps has it too."""
    own, other = client.get("/bantul/").text, client.get("/cilacap/").text
    sheet, worker = client.get("/bantul/warna/7a1f2b.css"), client.get("/bantul/pekerja.js").text
    told = client.get("/bantul/aplikasi.webmanifest").get_json(force=True)

    assert ("/bantul/warna/7a1f2b.css" in own, "/warna/" in other) == (True, False)
    assert f'<meta name="theme-color" content="{_RED}">' in own
    assert (200, "text/css; charset=utf-8") == (sheet.status_code, sheet.headers["Content-Type"])
    assert f"--brand: {_RED};" in sheet.text
    assert "immutable" in sheet.headers["Cache-Control"]
    assert "/bantul/warna/7a1f2b.css" in worker
    assert _RED == told["theme_color"]
    assert [404, 404] == [
        client.get(f"/{each}.css").status_code for each in ("bantul/warna/0b5345", "cilacap/warna/7a1f2b")
    ]


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        ("#777777", "#ffffff", 4.48),
        ("#ff0000", "#ffffff", 4.0),
    ],
)
def test_contrast_is_that_of_wcag(one: str, other: str, told: float) -> None:
    """Its own figures, either way round."""
    assert [told, told] == [round(contrast(one, other), 2), round(contrast(other, one), 2)]


@given(st.integers(0, 0xFFFFFF).map("#{:06x}".format))
def test_whatever_is_taken_can_be_read_everywhere(own: str) -> None:
    """Links on the ground, words of its own on its soft ground, white words on it, also under the pointer."""
    try:
        colour = colour_of(own)
    except ValueError:
        assert contrast(own, GROUND) < LEAST_CONTRAST
        return
    words = [(own, GROUND), (own, "#ffffff"), (own, colour.soft), ("#ffffff", colour.deep), ("#15211e", colour.soft)]

    assert [] == [pair for pair in words if contrast(*pair) < LEAST_CONTRAST]


@pytest.mark.parametrize(
    ("given_", "why"),
    [
        ("merah", "not written as #rrggbb"),
        ("#fff", "not written"),
        ("#ffbf2e", "contrast"),
        ("#7a1f2b;}", "not written"),
    ],
)
def test_a_colour_by_which_nobody_could_read_is_refused_at_the_start(tmp_path: Path, given_: str, why: str) -> None:
    """With its line, and what to do."""
    copyfile(PROJECT / "tenants" / "bantul" / "agencies.yaml", tmp_path / "agencies.yaml")
    file = tmp_path / "agencies.yaml"
    file.write_text(f'colour: "{given_}"\n{file.read_text(encoding="utf-8")}', encoding="utf-8")

    with pytest.raises(FileError) as error:
        load_agencies(file)

    assert (1, True) == (error.value.line, why in str(error.value))
    assert "leave it out" in str(error.value)
