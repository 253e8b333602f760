"""``make pages``: pictures of the pages for ``docs/pages/``, taken in a real browser of an installation made for it.

No test, and no part of ``make test``: it is run when a page has changed its looks. The pages are those of the gallery,
which has every page; a few colours are enough for them, so each picture stays small.
"""

import tempfile
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from PIL import Image

from shared.platform.settings import PROJECT
from tests.journey.installation import START, Api, officer, up
from tests.pages.desks import Desks
from tests.pages.gallery import SIGHTS, Gallery, Who, arranged
from tests.pages.screen import DESK, PHONE, Screen, opened

TO: Final = PROJECT / "docs" / "pages"
MOST_PICTURES: Final = 80
MOST_BYTES: Final = 150 * 1024

_COLOURS: Final = 32
_TALLEST: Final = 1800
PICTURES: Final[tuple[tuple[str, str, Who, tuple[int, ...]], ...]] = (
    ("depan", "/", "anybody", (DESK,)),
    ("beranda", "/cilacap/", "anybody", (PHONE,)),
    ("adukan", "/cilacap/adukan", "anybody", (PHONE,)),
    ("tanda-terima", "/cilacap/terima", "reporter", (PHONE,)),
    ("lacak", "/cilacap/lacak", "anybody", (PHONE,)),
    ("lacak-tiket", "/cilacap/lacak/{answered}", "anybody", (PHONE,)),
    ("dijawab", "/cilacap/aduan/{answered}", "reporter", (PHONE,)),
    ("tanggapi", "/cilacap/aduan/{answered}/tanggapi", "reporter", (PHONE,)),
    ("dikembalikan", "/cilacap/aduan/{returned}", "asked", (PHONE,)),
    ("lengkapi", "/cilacap/aduan/{returned}/lengkapi", "asked", (PHONE,)),
    ("dibaca", "/cilacap/aduan/{answered}/dibaca", "reporter", (PHONE,)),
    ("akun-warga", "/cilacap/saya", "citizen", (PHONE,)),
    ("akun-warga-masuk", "/cilacap/saya/masuk", "anybody", (PHONE,)),
    ("akun-warga-kode", "/cilacap/saya/kode", "citizen", (PHONE,)),
    ("akun-warga-identitas", "/cilacap/saya/identitas", "citizen", (PHONE,)),
    ("akun-warga-hapus", "/cilacap/saya/hapus", "citizen", (PHONE,)),
    ("luring", "/cilacap/luring", "anybody", (PHONE,)),
    ("prosedur", "/cilacap/prosedur", "anybody", (PHONE,)),
    ("data-anda", "/cilacap/data-anda", "anybody", (PHONE,)),
    ("aksesibilitas", "/cilacap/aksesibilitas", "anybody", (PHONE,)),
    ("umum", "/cilacap/umum", "anybody", (PHONE,)),
    ("umum-satu", "/cilacap/umum/{answered}", "anybody", (PHONE,)),
    ("kinerja", "/cilacap/kinerja/2026-10", "anybody", (DESK,)),
    ("data", "/cilacap/data/", "anybody", (PHONE,)),
    ("masuk", "/cilacap/masuk", "anybody", (PHONE,)),
    ("kotak-masuk", "/cilacap/meja", "coordinator", (PHONE, DESK)),
    ("saring", "/cilacap/meja?meja=semua&keadaan=today&keadaan=later&kanal=web", "coordinator", (PHONE, DESK)),
    ("berkas", "/cilacap/berkas/{waiting}", "coordinator", (PHONE, DESK)),
    ("cetak", "/cilacap/berkas/{answered}/cetak", "coordinator", (DESK,)),
    ("semua", "/cilacap/semua", "coordinator", (DESK,)),
    ("papan", "/cilacap/papan", "coordinator", (DESK,)),
    ("segera", "/cilacap/papan/segera", "coordinator", (DESK,)),
    ("dikembalikan-dinas", "/cilacap/papan/dikembalikan", "coordinator", (DESK,)),
    ("kembar", "/cilacap/papan/kembar", "coordinator", (DESK,)),
    ("rekap", "/cilacap/rekap/2026-10", "coordinator", (DESK,)),
    ("rekap-tahun", "/cilacap/rekap/2026", "coordinator", (DESK,)),
    ("terbitkan-daftar", "/cilacap/terbitkan", "coordinator", (DESK,)),
    ("terbitkan", "/cilacap/terbitkan/{answered}", "coordinator", (DESK,)),
    ("daftarkan", "/cilacap/daftarkan", "coordinator", (DESK,)),
    ("identitas-warga", "/cilacap/warga", "coordinator", (DESK,)),
    ("akun", "/cilacap/akun", "coordinator", (DESK,)),
    ("kalender", "/cilacap/kelola/kalender", "coordinator", (DESK,)),
    ("sop", "/cilacap/kelola/prosedur", "coordinator", (DESK,)),
    ("akun-petugas", "/cilacap/kelola/akun", "administrator", (DESK,)),
    ("instansi", "/cilacap/kelola/instansi", "administrator", (DESK,)),
    ("instansi-meja", "/cilacap/kelola/instansi/dpupr/operator", "administrator", (DESK,)),
    ("instansi-petugas", "/cilacap/kelola/instansi/petugas/uji.coordinator", "administrator", (DESK,)),
    ("kalender-usul", "/cilacap/kelola/kalender/usulan/baru/hari", "administrator", (DESK,)),
    ("kalender-usulan", "/cilacap/kelola/kalender/usulan/1", "administrator", (DESK,)),
    ("sop-usul", "/cilacap/kelola/prosedur/usulan/baru", "administrator", (DESK,)),
    ("sop-usulan", "/cilacap/kelola/prosedur/usulan/1", "administrator", (DESK,)),
    ("surat-daftar", "/cilacap/kelola/surat", "administrator", (DESK,)),
    ("surat", "/cilacap/kelola/surat/reporter/closed", "administrator", (DESK,)),
    ("pembacaan", "/cilacap/kelola/pembacaan", "administrator", (DESK,)),
    ("sebab", "/cilacap/berkas/{waiting}", "administrator", (DESK,)),
    ("andai", "/cilacap/kelola/andai", "administrator", (DESK,)),
    ("kata", "/cilacap/kelola/kata", "administrator", (DESK,)),
    ("kata-satu", "/cilacap/kelola/kata/jalan_ditambal", "administrator", (DESK,)),
    ("hapus-data-minta", "/cilacap/kelola/hapus-data", "administrator", (DESK,)),
    ("hapus-data", "/cilacap/kelola/hapus-data/{erased}", "administrator", (DESK,)),
    ("audit-cari", "/cilacap/kelola/audit", "administrator", (DESK,)),
    ("audit", "/cilacap/kelola/audit/{answered}", "administrator", (DESK,)),
    ("pusat", "/pusat", "administrator", (DESK,)),
    ("disisihkan", "/pusat/disisihkan", "administrator", (DESK,)),
)
"""What a picture is called, of which page of the gallery it is, and how wide."""


def main() -> None:
    """Take them all, and say what they weigh.

    :raises SystemExit: if they are too many, or one weighs too much.
    """
    known = {(sight.path, sight.who) for sight in SIGHTS}
    astray = [path for _, path, who, _ in PICTURES if (path, who) not in known]
    if astray:
        raise SystemExit(f"not in the gallery: {', '.join(astray)}")
    with ExitStack() as stack:
        made = tempfile.TemporaryDirectory(prefix="aduan-pages-", ignore_cleanup_errors=True)
        folder = Path(stack.enter_context(made))
        api = stack.enter_context(up(folder / "data", "--simulated-clock", START))
        screen = stack.enter_context(opened(folder / "chromium"))
        TO.mkdir(parents=True, exist_ok=True)
        for old in (*TO.glob("*.webp"), *TO.glob("*.png")):
            old.unlink()
        _take(api, screen)
    sizes = {each.name: each.stat().st_size for each in TO.glob("*.png")}
    print(f"{len(sizes)} pictures, {sum(sizes.values()) // 1024} kB")  # noqa: T201 - a command
    heavy = [name for name, size in sizes.items() if size > MOST_BYTES]
    if heavy or len(sizes) > MOST_PICTURES:
        raise SystemExit(f"too many, or heavier than {MOST_BYTES // 1024} kB: {', '.join(heavy)}")


def _take(api: Api, screen: Screen) -> None:
    screen.begin(api.address)
    gallery = _arranged(api)
    for name, path, who, widths in PICTURES:
        screen.become(gallery.doors[who])
        for width in widths:
            screen.width(width)
            screen.open(path.format(**gallery.tickets))
            if name == "saring":
                _open_narrowing(screen)
            _picture(screen, name, width)


def _arranged(api: Api) -> Gallery:
    """The gallery, with a day's work around it, and an inbox in which some is late and some nearly so."""
    who = {"name": "Siti Rahayu", "address": "RT 02/RW 01 Hanum", "phone": "081234567890"}
    for title, agency, place in (
        ("Lampu jalan padam di depan balai desa", "dpupr", {"kecamatan": "Kroya", "desa": "Kroya"}),
        ("Jalan utama desa berlubang cukup dalam", None, {"kecamatan": "Kesugihan", "desa": "Kalisabuk"}),
        ("Tiang rambu miring dekat pasar", "dishub", {"kecamatan": "Adipala", "desa": "Adipala"}),
        ("Antrean puskesmas sejak subuh", "dinkes", {"kecamatan": "Majenang", "desa": "Majenang"}),
        ("Sampah di saluran belakang pasar", None, {"kecamatan": "Kroya", "desa": "Kroya"}),
        ("Sampah menumpuk di saluran belakang pasar", None, {"kecamatan": "Kroya", "desa": "Kroya"}),
    ):
        receipt = api.file("cilacap", title=title, message=f"{title}. Mohon ditangani.", reporter=who, location=place)
        if agency and not api.act(officer("cilacap", "coordinator"), receipt["id"], "dispose", agency=agency).ok:
            raise SystemExit(f"{title} could not be sent to {agency}")
    made = arranged(api, Desks(api))
    for title, later in (("Lampu taman tidak menyala", "PT2M"), ("Papan nama jalan hilang", "PT14M")):
        api.file("cilacap", title=title, message=f"{title}. Mohon ditangani.", reporter=who)
        api.advance(later)
    api.file("cilacap", title="Pohon condong ke jalan", message="Pohon condong ke jalan.", reporter=who)
    api.rest()
    return made


def _open_narrowing(screen: Screen) -> None:
    """The boxes of an inbox's filters are a page of their own to look at."""
    screen.run("for (const box of document.querySelectorAll('details.narrow')) box.open = true")


def _picture(screen: Screen, name: str, width: int) -> None:
    """The page from its top, as far as it goes within reason."""
    height: Any = screen.run("return document.documentElement.scrollHeight")
    screen.width(width, min(int(height), _TALLEST))
    _written(screen.driver.get_screenshot_as_png(), TO / f"{name}-{width}.png")


def _written(png: bytes, to: Path) -> None:
    with Image.open(BytesIO(png)) as made:
        plain = made.convert("RGB").quantize(_COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        plain.save(to, "PNG", optimize=True)


if __name__ == "__main__":
    main()
