"""What takes long is computed beside the loop that answers everybody, and little of it at once."""

import threading
import time

import eventlet
import pytest
from eventlet.patcher import original

from portal import app
from portal.api import registers
from shared.application.identity import passwords
from shared.wording.sheets.sheet import Sheet

_WAITS = getattr(original("time"), "sleep", time.sleep)
_THREAD = getattr(original("threading"), "get_ident", threading.get_ident)


def test_a_table_is_written_in_a_thread_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """A large month takes seconds, in which others are answered."""
    seen: list[int] = []

    def write(sheet: Sheet) -> str:
        seen.append(_THREAD())
        return sheet.title

    monkeypatch.setitem(registers.FILES, "csv", ("text/csv", write))
    answered = registers.sheet_file(Sheet("Buku", (), (), ()), "buku.csv", "csv")

    assert "Buku" == answered.get_data(as_text=True)
    assert [_THREAD()] != seen


def test_few_passwords_are_compared_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many log in together, memory and cores stay for everybody else."""
    running: list[str] = []
    together: list[int] = []

    def slow(kept: str | None, password: str) -> bool:
        running.append(password)
        together.append(len(running))
        _WAITS(0.02)
        running.remove(password)
        return kept is not None

    monkeypatch.setattr(passwords, "matches", slow)
    found = list(eventlet.GreenPool().imap(lambda each: app._verify("kept", str(each)), range(8)))

    assert [True] * 8 == found
    assert max(together) <= 2
