"""Every file of a government, and of what all share, spoilt in each way that a hand spoils it: no start, and no 500."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Final, cast

import pytest

from cli.hosting import runner_for
from shared.application.runtime import Runtime
from shared.channels.checking import check_channels
from shared.channels.settings import load_channels
from shared.channels.talk import words
from shared.domain.all_tenants import Tenants
from shared.domain.letters import TALKS
from shared.domain.retention import RETENTION
from shared.domain.sop.checking.check import check_tenant
from shared.domain.whole_folder import read_whole
from shared.wording.yaml_lines import FileError
from tests.sop.walker import SIXTH, TENANTS

_HOME: Final = "kepulauan"
_SHARED: Final = ("_reference", "_national", "_documents", "_messages")
_FILES: Final = {
    f"{_HOME}/sop.yaml": "steps",
    f"{_HOME}/sop.v1.yaml": "steps",
    f"{_HOME}/agencies.yaml": "agencies",
    f"{_HOME}/calendar.yaml": "zone",
    f"{_HOME}/retention.yaml": "classes",
    f"{_HOME}/answers.yaml": "answers",
    f"{_HOME}/channels.yaml": None,
    f"{_HOME}/documents/documents.yaml": None,
    f"{_HOME}/messages/talk.id.yaml": None,
    "_reference/answers.yaml": "answers",
    "_reference/authorities.yaml": "authorities",
    "_documents/documents.yaml": "numbers",
    "_messages/talk.id.yaml": None,
}
"""Files of YAML that a start reads, and what each must say; none where it may leave out anything."""
_LISTS: Final = (
    f"{_HOME}/wilayah.csv",
    f"{_HOME}/categories.csv",
    "_reference/wilayah.csv",
    "_reference/categories.csv",
)
_NOT_UTF_8: Final = "nama: Kantor Polisi di Jalan Café\n".encode("latin-1")
_SPOILT: Final = {
    "not UTF-8": _NOT_UTF_8,
    "not YAML": b"nama: [satu, dua\nlagi: }\n",
    "a list instead of fields": b"- satu\n- dua\n",
    "a word instead of fields": b"satu\n",
    "a field that there is not": b"tidak_dikenal: 1\n",
    "a character that is none": b"nama: \x00\n",
}
_NO_WORDS: Final = ("satu", "[a]", "{tidak_ada: satu}", "{skip: [a], due: [a], closed: [a]}")


def _cases() -> Iterator[tuple[str, bytes]]:
    for name, needed in _FILES.items():
        yield from ((name, content) for content in _SPOILT.values())
        if needed is not None:
            yield name, b"{}\n"
            yield from ((name, f"{needed}: {value}\n".encode()) for value in ("1", "satu", "{a: 1}", "[[1]]", "~"))
    yield from ((name, _NOT_UTF_8) for name in _LISTS)
    yield from ((name, b"category,category\nA,B\n") for name in _LISTS)
    for group in ("choices", "parts", "statuses_of"):
        yield from ((f"{_HOME}/messages/talk.id.yaml", f"{group}: {said}\n".encode()) for said in _NO_WORDS)
    yield f"{_HOME}/messages/talk.id.yaml", b"parts: {due: ' paling lambat {hari}'}\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A government, and beside it what all share."""
    made = tmp_path_factory.mktemp("tenants")
    shutil.copytree(Path(SIXTH.directory) / _HOME, made / _HOME)
    for name in _SHARED:
        shutil.copytree(Path(TENANTS.directory) / name, made / name)
    return made


@contextmanager
def _spoilt(file: Path, content: bytes) -> Iterator[None]:
    """What stands in a file, until it is as it was."""
    before = file.read_bytes() if file.exists() else None
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    words._phrases.cache_clear()  # a process reads them once
    try:
        yield
    finally:
        words._phrases.cache_clear()
        if before is None:
            file.unlink()
        else:
            file.write_bytes(before)


def _start(folder: Path) -> None:
    """As a start reads the files."""
    for home in Tenants(folder).in_files():
        read_whole(home)
        load_channels(home.directory, home.sop)
        for language in words.FILES:
            words.phrases(folder, home.messages, language)


@pytest.mark.parametrize(("name", "content"), [*_cases()])
def test_a_spoilt_file_stops_the_start_and_names_itself(folder: Path, name: str, content: bytes) -> None:
    """With its line, where it has any, and the remedy: nobody meets it later on a page or in a conversation."""
    with _spoilt(folder / name, content), pytest.raises(FileError) as caught:
        _start(folder)

    assert folder / name == caught.value.file
    assert caught.value.remedy


@pytest.mark.parametrize("name", [*_FILES, *_LISTS, f"{_HOME}/messages/reporter/event.txt"])
def test_a_spoilt_file_is_told_by_the_check(folder: Path, name: str) -> None:
    """As a finding with its place: the check itself does not fail of it."""
    with _spoilt(folder / name, _NOT_UTF_8):
        found = [*check_tenant(folder / _HOME), *check_channels(folder / _HOME)]

    assert str(folder / name) in [each.file for each in found if each.severity == "error"]


@pytest.mark.parametrize("name", [TALKS["id"], "README.md", "reporter/README.md", "reporter/.gitkeep"])
def test_what_lies_beside_letters_is_no_mistyped_one(folder: Path, name: str) -> None:
    """Words of conversations lie in the same folder, and what keeps a folder or explains it in any."""
    file = folder / _HOME / "messages" / name
    with _spoilt(file, b"menu: {text: Halo}\n"):
        found = check_tenant(folder / _HOME)

    assert [] == [each for each in found if str(file) == each.file]


def test_services_that_are_started_read_all_of_them(folder: Path) -> None:
    """Whichever services: before any of them is there, and before a database is asked."""
    runtime = cast(Runtime, SimpleNamespace(tenants=Tenants(folder)))

    with _spoilt(folder / _HOME / RETENTION, b"classes: []\n"), pytest.raises(FileError) as caught:
        runner_for(runtime, ())
    assert RETENTION == caught.value.file.name
