"""What an address asks of a page: odd values are said, or refused by name; none is taken for something else."""

import re
from itertools import product
from pathlib import Path
from typing import Final

import pytest

import portal.pages
from tests.pages.gallery import SIGHTS, Gallery, Sight

_ASKED: Final = {
    "/cilacap/": ("bahasa",),
    "/cilacap/umum": ("kecamatan", "kategori", "bulan", "keadaan", "sesudah"),
    "/cilacap/umum/umpan.atom": ("kecamatan", "kategori"),
    "/cilacap/masuk": ("lanjut",),
    "/cilacap/terima": ("lagi",),
    "/cilacap/aduan/{answered}": ("kabar",),
    "/cilacap/saya": ("kabar",),
    "/cilacap/meja": ("meja", "keadaan", "kategori", "sesudah", "selesai", "kini", "di", "tidak_ada", "pilih"),
    "/cilacap/berkas/{waiting}": ("alasan", "kabar", "versi", "untuk", "templat", "dari", "kini", "di"),
    "/cilacap/semua": ("agency", "category", "step", "status", "state", "since", "tempat", "sesudah", "name", "desa"),
    "/cilacap/papan/terlambat": ("dinas", "peran", "langkah", "sesudah"),
    "/cilacap/papan/dikembalikan": ("sesudah",),
    "/cilacap/papan/kembar": ("sesudah", "kabar"),
    "/cilacap/rekap/2026-10": ("banding", "urut"),
    "/cilacap/buku/2026-10.csv": ("saluran",),
    "/cilacap/terbitkan": ("sesudah",),
    "/cilacap/terbitkan/{answered}": ("kabar", "alasan"),
    "/cilacap/akun": ("kabar",),
    "/cilacap/kelola/kalender": ("tahun", "kabar"),
    "/cilacap/kelola/kalender/usulan/1": ("kabar", "riwayat"),
    "/cilacap/kelola/prosedur": ("versi", "kabar"),
    "/cilacap/kelola/prosedur/usulan/1": ("kabar", "riwayat"),
    "/cilacap/kelola/hapus-data": ("kabar",),
    "/cilacap/kelola/surat": ("kabar",),
    "/pusat/disisihkan": ("kabar",),
    "/cilacap/kelola/instansi": ("tampil", "kabar"),
    "/cilacap/kelola/instansi/petugas/uji.coordinator": ("kabar",),
}
"""Every page that asks something of its address, with all that it asks."""

_OFFICERS_FILES: Final = frozenset({"/cilacap/buku/2026-10.csv"})
"""Of these, what is no page and in no gallery."""

_ODD: Final = {
    "unknown": "zzz",
    "another's": "BTL-2026-000001",
    "another script's digits": "\u0663",
    "a long number": "9" * 40,
    "marked up": "'\"><script>x</script>",
    "half a letter": "%ff",
}
_REFUSED: Final = {"twice": ("id", "id"), "endless": ("x" * 3000,), "no sign": ("\x00",), "unseen": ("a\x01b",)}
_FREE: Final = frozenset({"lanjut", "name", "desa", "tempat"})
"""What any text may be asked under; it leads nowhere else, or finds nothing."""

_SEVERAL: Final = frozenset({"keadaan", "kategori"})
"""What may be asked several times over, of an inbox."""

_EACH: Final = [(path, name) for path, names in _ASKED.items() for name in names]


def _get(gallery: Gallery, path: str, name: str, *values: str) -> tuple[int, str]:
    # What is no page, such as a feed, is not in the gallery, and anybody's or an officer's.
    file = Sight("", path, "coordinator" if path in _OFFICERS_FILES else "anybody")
    sight = next((each for each in SIGHTS if each.path == path), file)
    page = gallery.doors[sight.who].get(gallery.address(sight), params=[(name, value) for value in values])
    return page.status, page.text if "<body" in page.html else page.html


@pytest.mark.parametrize(("path", "name"), _EACH)
def test_what_is_not_known_is_said(gallery: Gallery, path: str, name: str) -> None:
    """Above a page that shows the rest, or as an error of the field; never in silence, and never as our fault."""
    for what, value in _ODD.items():
        status, text = _get(gallery, path, name, value)
        assert status in (200, 404, 422), (what, status)
        if status == 200 and name not in _FREE:
            assert name in text, what
            assert "tidak dipakai" in text, what


@pytest.mark.parametrize(("path", "name"), _EACH)
def test_what_no_link_says_is_refused(gallery: Gallery, path: str, name: str) -> None:
    """Given twice, without end, or with signs that cannot be seen; a blank is as good as nothing."""
    for what, values in _REFUSED.items():
        status, text = _get(gallery, path, name, *values)
        if what == "twice" and name in _SEVERAL and path == "/cilacap/meja":
            assert (200, True) == (status, "tidak dipakai" in text)
        elif name == "bahasa":
            assert (200, what in ("endless", "unseen")) == (status, "tidak dipakai" in text), what
        else:
            assert (422, True) == (status, name in text), what
    for blank in ("", " ", "\u200b"):
        status, text = _get(gallery, path, name, blank)
        assert (200, False) == (status, "tidak dipakai" in text)


@pytest.mark.parametrize("name", ["%00", "a%01b", "%ff", "x" * 2000, "%F0%9F%98%80", "..", "-"])
def test_a_name_in_an_address_that_is_none_is_nothing(gallery: Gallery, name: str) -> None:
    """Of a ticket, a month, a text: nobody's, or the page that asks for one; never our fault."""
    found = []
    for sight in SIGHTS:
        before, brace, after = sight.path.partition("{")
        if not brace:
            continue
        rest = after.partition("}")[2]
        for ending in (rest, f"{rest}.pdf"):
            status = gallery.doors[sight.who].get(f"{before}{name}{ending}").status
            found += [(sight.path, ending, status)] if status >= 500 else []

    assert [] == found


def test_what_others_add_to_a_link_is_nobodys_concern(gallery: Gallery) -> None:
    """A link that was shared comes with what its carriers count by."""
    for path, value in product(("/cilacap/", "/cilacap/umum", "/cilacap/adukan"), ("x", "\x00", "y" * 3000)):
        page = gallery.doors["anybody"].get(path, params={"fbclid": value})
        assert (200, False) == (page.status, "tidak dipakai" in page.text)


def test_a_page_in_another_language_is_the_same_page(gallery: Gallery) -> None:
    """The link to it keeps what was asked."""
    page = gallery.doors["coordinator"].get("/cilacap/meja?meja=semua&keadaan=late")
    link = next(each.attributes["href"] for each in page.all("a") if each.attributes.get("hreflang"))

    assert "/cilacap/meja?meja=semua&keadaan=late&bahasa=en" == link


def test_pages_ask_their_address_in_one_place() -> None:
    """By the module that refuses and says; and everything that any of them asks is tried here."""
    root = Path(str(portal.pages.__file__)).parent
    sources = {
        path.relative_to(root).as_posix(): path.read_text(encoding="utf-8")
        for path in root.rglob("*.py")
        if path.name not in ("asked.py", "language.py")
    }
    templates = {path.name: path.read_text(encoding="utf-8") for path in root.parent.rglob("*.html")}
    asked = re.findall(r'asked\.(?:one|choice|ticket)\(\s*"([a-z_]+)"', "\n".join(sources.values()))

    assert [] == [name for name, text in {**sources, **templates}.items() if "request.args" in text]
    assert set() == set(asked) - {name for names in _ASKED.values() for name in names}
