"""What is measured is what people look at: no page that reads growing tables is left out."""

import re
from typing import Final
from uuid import UUID

from benchmarks.browsing import browsed
from benchmarks.pages import Looked
from tests.pages.gallery import SIGHTS

_LIGHT: Final = {
    "operations.index": "the governments, of which there are few",
    "tracking.find": "a form",
    "tracking.of": "a form",
    "public.procedure": "the procedure, a file",
    "public.your_data": "a text",
    "public.accessibility": "a text",
    "komponen.shown": "for those who build pages",
    "entering.form": "a form",
    "warga_masuk.form": "a form",
    "aplikasi.offline": "a text",
    "receipt.shown": "what the browser holds",
    "acting.form": "the complaint, as its own page",
    "umum.one": "one row, by its ticket",
    "publishing.one": "the dossier, as its own page",
    "cocok.form": "a form",
    "account.shown": "one account and its visits",
    "sops_kept.shown": "the procedure's versions",
    "kalender.shown": "a year's days",
    "": "nothing",
}
"""Pages that read no more however many complaints there are, with the reason."""
_SEEN: Final = Looked("dpupr", "2026-10", "2026-10", UUID(int=1), "CLP-2026-000001", "KODE", "Siti")


def _shape(path: str) -> str:
    """A path without its government, without what it is asked, and without whose it is."""
    within = path.partition("?")[0].removeprefix("/").partition("/")[2]
    return re.sub(r"/(?:\{\w+\}|[A-Z]{3}-\d{4}-\d+|\d{4}(?:-\d\d)?)(?=/|$)", "/*", f"/{within}")


def test_every_page_that_grows_is_measured() -> None:
    """Those of reporters, coordinators and everybody; a page in none of the lists is new and has to be put into one."""
    measured = {_shape(page.path) for page in browsed(_SEEN)}
    sights = [each for each in SIGHTS if each.who in ("anybody", "reporter", "coordinator")]

    assert [] == [each.path for each in sights if _shape(each.path) not in measured and each.endpoint not in _LIGHT]
    assert set() == set(_LIGHT) - {each.endpoint for each in sights}
