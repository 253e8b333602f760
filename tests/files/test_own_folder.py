"""An installation's data directory: its files lie in it whatever it is called, and it stays one clock's."""

from dataclasses import replace
from pathlib import Path

import pytest

from cli.installation import settings_for
from shared.application.folder import REAL, SIMULATED, gather_files, keep_clock
from shared.base.errors import Conflict
from tests.fixtures.office import Office
from tests.journey.installation import START

NAMES = ["Aduan Kita", "100%", "data"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("relative", [False, True])
def test_they_lie_where_a_copy_of_it_looks_for_them(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, relative: bool
) -> None:
    """Also where ``--data`` names it from where one stands."""
    monkeypatch.chdir(tmp_path)
    data = settings_for(Path(name) if relative else tmp_path / name).data_dir
    runtime = replace(
        office.runtime, settings=replace(office.runtime.settings, data_dir=data, embedded=True), _files=[]
    )
    runtime.files.put("drops/1", [b"x"])

    assert [tmp_path / name / "files" / "drops" / "1"] == [each for each in tmp_path.rglob("*") if each.is_file()]


@pytest.mark.parametrize("name", NAMES)
def test_what_an_earlier_version_laid_beside_it_is_fetched(tmp_path: Path, name: str) -> None:
    """Once; what lies there already stays."""
    data = tmp_path / name
    earlier = Path((data / "files").as_uri().removeprefix("file://"))
    for place, content in ((data / "files", "own"), (earlier, "earlier")):
        (place / "sealed").mkdir(parents=True, exist_ok=True)
        (place / "sealed" / content).write_text(content)
        if not (place / "sealed" / "both").exists():  # where there is nothing odd in the name, both are one
            (place / "sealed" / "both").write_text(content)
    gather_files(data)
    gather_files(data)

    kept = {each.name: each.read_text() for each in (data / "files" / "sealed").iterdir()}
    assert {"own": "own", "earlier": "earlier", "both": "own"} == kept
    assert [data] == list(tmp_path.iterdir())


def test_another_installation_keeps_its_own(tmp_path: Path) -> None:
    """One whose folder is called as the address of this one."""
    other = tmp_path / "a%20b"
    (other / "files").mkdir(parents=True)
    (other / "files" / "1").write_text("x")
    (other / "in-use").touch()
    gather_files(tmp_path / "a b")

    assert [other / "files" / "1"] == list((other / "files").iterdir())


@pytest.mark.parametrize("left", ["", "\0\0\0\0\0", "re"])
@pytest.mark.parametrize(("kind", "other"), [(REAL, SIMULATED), (SIMULATED, REAL)])
def test_a_note_that_was_lost_keeps_nobody_out(tmp_path: Path, left: str, kind: str, other: str) -> None:
    """A loss of power may leave a file empty; which clock it was shows all the same, and is noted anew."""
    (tmp_path / "clock").write_text(left)
    if kind == SIMULATED:
        (tmp_path / "simulated-clock").write_text(START)
    with pytest.raises(Conflict, match="folder_of_another_clock"):
        keep_clock(tmp_path, other, used=True)
    keep_clock(tmp_path, kind, used=True)

    assert kind == (tmp_path / "clock").read_text().strip()
