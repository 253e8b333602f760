"""``make pages``: pictures of the pages for ``docs/pages/``, taken in a real browser of an installation made for it.

No test, and no part of ``make test``: it is run when a page has changed its looks. Together they stay under 2 MB.
"""

import tempfile
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from PIL import Image

from shared.platform.settings import PROJECT
from tests.journey.installation import START, Api, officer, up
from tests.pages.desks import PASSWORD, Desks
from tests.pages.screen import DESK, PHONE, Screen, opened

TO: Final = PROJECT / "docs" / "pages"
MOST_BYTES: Final = 2 * 1024 * 1024

_QUALITY: Final = 60
_TALLEST: Final = 2400
_WHO: Final = {"name": "Siti Rahayu", "address": "RT 02/RW 01 Hanum", "phone": "081234567890"}
_STEPS: Final[tuple[tuple[str, str | None, str, dict[str, str]], ...]] = (
    ("coordinator", None, "dispose", {"agency": "dpupr"}),
    ("operator", "dpupr", "forward", {"note": "Mohon dicek"}),
    ("liaison", "dpupr", "forward", {}),
    ("head", "dpupr", "forward", {"response": "Lampu diganti"}),
    ("liaison", "dpupr", "forward", {"response": "Lampu diganti"}),
    ("operator", "dpupr", "answer", {"text": "Lampu sudah diganti pada 5 Oktober."}),
)


def main() -> None:
    """Take them all, and say what they weigh.

    :raises SystemExit: if they weigh too much.
    """
    with ExitStack() as stack:
        made = tempfile.TemporaryDirectory(prefix="aduan-pages-", ignore_cleanup_errors=True)
        folder = Path(stack.enter_context(made))
        api = stack.enter_context(up(folder / "data", "--simulated-clock", START))
        screen = stack.enter_context(opened(folder / "chromium"))
        TO.mkdir(parents=True, exist_ok=True)
        for old in TO.glob("*.webp"):
            old.unlink()
        _take(api, screen)
    weight = sum(each.stat().st_size for each in TO.glob("*.webp"))
    print(f"{len(list(TO.glob('*.webp')))} pictures, {weight // 1024} kB")  # noqa: T201 - a command
    if weight > MOST_BYTES:
        raise SystemExit(f"more than {MOST_BYTES // 1024} kB: lower the quality or leave some out")


def _take(api: Api, screen: Screen) -> None:
    desks = Desks(api)
    receipts = _played(api)
    done, waiting = receipts[0], receipts[1]
    screen.begin(api.address)
    for name, path in (
        ("beranda", "/cilacap/"),
        ("adukan", "/cilacap/adukan"),
        ("prosedur", "/cilacap/prosedur"),
        ("umum", "/cilacap/umum"),
        ("data", "/cilacap/data/"),
        ("lacak", "/cilacap/lacak"),
    ):
        screen.open(path)
        _picture(screen, name, PHONE)
    screen.write("#ticket", done["ticket"])
    screen.write("#code", done["tracking_code"])
    screen.leave_by("main form button")
    _picture(screen, "dijawab", PHONE)
    _log_in(screen, "cilacap", desks.account("cilacap", "coordinator"))
    for name, path in (
        ("kotak-masuk", "/cilacap/meja"),
        ("berkas", f"/cilacap/berkas/{waiting['ticket']}"),
        ("papan", "/cilacap/papan"),
        ("rekap", "/cilacap/rekap/2026-10"),
        ("rekap-tahun", "/cilacap/rekap/2026"),
        ("terbitkan", f"/cilacap/terbitkan/{done['ticket']}"),
        ("kalender", "/cilacap/kelola/kalender"),
        ("komponen", "/pusat/komponen"),
    ):
        screen.open(path)
        _picture(screen, name, DESK)


def _played(api: Api) -> list[dict[str, Any]]:
    """A few complaints in several states."""
    receipts = [
        api.file("cilacap", title=title, message=f"{title}. Mohon segera ditangani.", reporter=_WHO, location=place)
        for title, place in (
            ("Lampu jalan padam di depan balai desa", {"kecamatan": "Kroya", "desa": "Kroya"}),
            ("Jalan utama desa berlubang cukup dalam", {"kecamatan": "Kesugihan", "desa": "Kalisabuk"}),
            ("Tiang listrik miring dekat pasar", {"kecamatan": "Adipala", "desa": "Adipala"}),
        )
    ]
    first = receipts[0]["id"]
    for actor, agency, action, fields in _STEPS:
        answer = api.act(officer("cilacap", actor, agency), first, action, **fields)
        if not answer.ok:
            raise SystemExit(f"{action} by {actor}: {answer.text}")
    writer = {**officer("cilacap", "operator", "dpupr"), "user": "penulis"}
    written = api.act(writer, first, "write_summary", summary="Lampu jalan padam, Kroya: sudah diganti.")
    version = written.json()["version"]
    api.act(officer("cilacap", "coordinator"), first, "publish_summary", summary_version=version)
    api.rest()
    return receipts


def _log_in(screen: Screen, tenant: str, name: str) -> None:
    screen.width(DESK)
    screen.open(f"/{tenant}/masuk")
    screen.write("#username", name)
    screen.write("#password", PASSWORD)
    screen.leave_by("main form button")


def _picture(screen: Screen, name: str, width: int) -> None:
    """The page from its top, as far as it goes within reason."""
    screen.width(width)
    height: Any = screen.run("return document.documentElement.scrollHeight")
    screen.width(width, min(int(height), _TALLEST))
    _written(screen.driver.get_screenshot_as_png(), TO / f"{name}-{width}.webp")


def _written(png: bytes, to: Path) -> None:
    with Image.open(BytesIO(png)) as made:
        made.convert("RGB").save(to, "WEBP", quality=_QUALITY, method=6)


if __name__ == "__main__":
    main()
