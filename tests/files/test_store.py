"""A folder and a bucket keep the same promises."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shared.base.errors import NotFound, Unavailable
from shared.store.files.store import FileStore, store_at
from tests.files.bucket_server import bucket_server


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FileStore]:
    """A store of either kind."""
    if request.param == "folder":
        yield store_at((tmp_path / "files").as_uri())
        return
    for name, value in (("AWS_ACCESS_KEY_ID", "a"), ("AWS_SECRET_ACCESS_KEY", "b"), ("AWS_DEFAULT_REGION", "id-1")):
        monkeypatch.setenv(name, value)
    with bucket_server() as (address, _):
        yield store_at(f"s3://aduan/files?endpoint={address}")


def test_what_was_put_comes_back(store: FileStore) -> None:
    """Whole, of any size, under its own name; put again, the later one."""
    for content in (b"", b"x", bytes(700_000)):
        store.put("cilacap/a/b", [content[:100], content[100:]])

        assert content == b"".join(store.pieces("cilacap/a/b"))


def test_what_is_not_there_is_told_at_once(store: FileStore) -> None:
    """Before the first piece, so that no answer has begun."""
    with pytest.raises(NotFound, match="unknown_file"):
        store.pieces("cilacap/a/b")


def test_deleting_takes_one_or_all_below(store: FileStore) -> None:
    """A name and what lies below it, not its neighbours; what is gone already is no error."""
    for name in ("cilacap/a/1", "cilacap/a/2", "cilacap/ab/1", "drops/1"):
        store.put(name, [b"x"])
    store.delete("cilacap/a")
    store.delete("cilacap/a")
    store.delete("drops/1")

    assert ["cilacap/ab/1"] == [name for name, _ in store.names("cilacap")]
    assert [] == list(store.names("drops"))


def test_names_come_with_the_instant_of_writing(store: FileStore) -> None:
    """By which a sweep knows what is old."""
    store.put("drops/1", [b"x"])
    [(name, written)] = store.names("drops")

    assert "drops/1" == name
    assert datetime(2026, 1, 1, tzinfo=UTC) < written


def test_a_bucket_that_is_away_is_a_broken_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has to know which kind it is."""
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    for name, value in (("AWS_ACCESS_KEY_ID", "a"), ("AWS_SECRET_ACCESS_KEY", "b"), ("AWS_DEFAULT_REGION", "id-1")):
        monkeypatch.setenv(name, value)
    with bucket_server() as (address, _):
        away = store_at(f"s3://aduan/files?endpoint={address}")
    with pytest.raises(OSError, match="object store"):
        away.put("x", [b"x"])


def test_a_bucket_that_breaks_off_is_a_broken_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits for a store that is away waits for this too."""
    for name, value in (("AWS_ACCESS_KEY_ID", "a"), ("AWS_SECRET_ACCESS_KEY", "b"), ("AWS_DEFAULT_REGION", "id-1")):
        monkeypatch.setenv(name, value)
    with bucket_server("files/x") as (address, _):
        store = store_at(f"s3://aduan/files?endpoint={address}")
        store.put("x", [b"half"])
        with pytest.raises(OSError, match="object store"):
            b"".join(store.pieces("x"))


def test_an_address_without_a_driver_is_told() -> None:
    """In a sentence, when the first file comes."""
    with pytest.raises(Unavailable, match="no_file_store"):
        store_at("pigeon://coop")


@pytest.mark.parametrize("name", ["Aduan Kita", "a%20b", "a#b?c", "a::b", "[a]*", "~aduan", "é", "C:file:"])
def test_a_path_is_the_name_of_its_folder(tmp_path: Path, name: str) -> None:
    """Sign by sign, though in an address, in a pattern or in a shell some mean something else."""
    store = store_at(str(tmp_path / name / "files"))
    store.put("cilacap/a/1", [b"x"])

    assert b"x" == (tmp_path / name / "files" / "cilacap" / "a" / "1").read_bytes()
    assert (b"x", ["cilacap/a/1"]) == (
        b"".join(store.pieces("cilacap/a/1")),
        [found for found, _ in store.names("cilacap")],
    )
    store.delete("cilacap/a")
    assert [] == list(store.names("cilacap"))


def test_a_path_may_begin_where_one_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And stays the same folder if one then goes elsewhere."""
    monkeypatch.chdir(tmp_path)
    store = store_at("berkas")
    monkeypatch.chdir("/")
    store.put("drops/1", [b"x"])

    assert [tmp_path / "berkas" / "drops" / "1"] == [each for each in tmp_path.rglob("*") if each.is_file()]
    assert ["drops/1"] == [found for found, _ in store.names("drops")]
