"""What takes long is computed beside the loop that answers everybody, and little of it at once."""

import threading
import time
from collections.abc import Callable

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


def _matched(monkeypatch: pytest.MonkeyPatch, slow: Callable[[], bool]) -> object:
    monkeypatch.setattr(passwords, "matches", lambda _kept, _password: slow())
    return app._verify("kept", "typed")


def _made(monkeypatch: pytest.MonkeyPatch, slow: Callable[[], bool]) -> object:
    monkeypatch.setattr(passwords, "made", lambda _password: str(slow()))
    return app._make("typed") == "True"


def _written(monkeypatch: pytest.MonkeyPatch, slow: Callable[[], bool]) -> object:
    monkeypatch.setitem(registers.FILES, "csv", ("text/csv", lambda _sheet: str(slow())))
    return registers.sheet_file(Sheet("Buku", (), (), ()), "buku.csv", "csv").get_data(as_text=True) == "True"


@pytest.mark.parametrize("deed", [_matched, _made, _written])
def test_little_is_computed_at_once(
    monkeypatch: pytest.MonkeyPatch, deed: Callable[[pytest.MonkeyPatch, Callable[[], bool]], object]
) -> None:
    """However many log in or want a table together, memory and cores stay for everybody else."""
    running: list[int] = []
    together: list[int] = []

    def slow() -> bool:
        running.append(1)
        together.append(len(running))
        _WAITS(0.02)
        running.pop()
        return True

    done = list(eventlet.GreenPool().imap(lambda _: deed(monkeypatch, slow), range(8)))

    assert [True] * 8 == done
    assert max(together) <= 2
