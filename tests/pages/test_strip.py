"""The steps of a procedure across a dossier's page."""

from typing import Final

import pytest

from tests.journey.installation import Api
from tests.pages.desks import Desks
from tests.pages.screen import DESK, Screen

_SMALL_DESK: Final = 1040
_REPORTER: Final = {"name": "Siti Rahayu", "address": "RT 02 Hanum", "phone": "+6281234567890"}
_BROKEN: Final = """
const range = document.createRange(), found = [];
for (const step of document.querySelectorAll(".strip li")) {
  const text = [...step.childNodes].find((one) => one.nodeType === Node.TEXT_NODE);
  for (const word of text.textContent.matchAll(/[^ /-]+/g)) {
    range.setStart(text, word.index);
    range.setEnd(text, word.index + word[0].length);
    if (new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size > 1) found.push(word[0]);
  }
}
return [document.querySelectorAll(".strip li").length > 3, found, document.documentElement.scrollWidth > innerWidth];
"""


@pytest.mark.browser
@pytest.mark.parametrize("tenant", ["bantul", "cilacap", "cirebon", "majalengka", "trenggalek"])
def test_steps_stand_beside_each_other_with_their_words_whole(
    screen: Screen, api: Api, desks: Desks, tenant: str
) -> None:
    """However many a government's procedure has, and however long its words: what has no room stands below."""
    filed = api.file(tenant, title="Jalan rusak", message="Jalan berlubang di depan pasar desa", reporter=_REPORTER)
    screen.become(desks.enter(tenant, "coordinator"))
    screen.language("id")
    for width in (_SMALL_DESK, DESK):
        screen.width(width)
        screen.open(f"/{tenant}/berkas/{filed['ticket']}")

        assert [True, [], False] == screen.run(_BROKEN)
