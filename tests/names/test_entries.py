"""Which names stand in clear: the entries of a government's lists."""

import shutil
from pathlib import Path

import pytest

from shared.domain.all_tenants import Tenants
from shared.domain.entries import Entries, load_entries
from shared.domain.tenants import load_tenant
from shared.platform.settings import PROJECT
from shared.wording.yaml_lines import FileError

_TENANTS = Tenants(PROJECT / "tenants")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A government alone in the world: nothing is shared with others."""
    home = tmp_path / "cilacap"
    shutil.copytree(PROJECT / "tenants" / "cilacap", home)
    shutil.copytree(PROJECT / "tenants" / "_national", tmp_path / "_national")
    (tmp_path / "_reference").mkdir()
    for name in ("keywords.yaml", "limits.yaml"):
        shutil.copy(PROJECT / "tenants" / "_reference" / name, tmp_path / "_reference" / name)
    return home


def _entries(directory: Path) -> Entries:
    tenant = load_tenant(directory)
    return load_entries(directory, tenant.id, tenant.sops.values(), tenant.agencies)


@pytest.mark.parametrize("tenant", ["bantul", "cilacap", "cirebon", "majalengka", "trenggalek"])
def test_every_government_knows_its_places_and_all_categories(tenant: str) -> None:
    """Its own, each in one spelling, and every category that one of its agencies handles."""
    home = _TENANTS.get(tenant)
    entries = home.entries

    assert entries.kecamatans
    assert len(entries.desas) > 10
    assert len(entries.categories) >= 20
    for agency in home.agencies:
        assert list(agency.categories) == [entries.category(name.lower()) for name in agency.categories]


@pytest.mark.parametrize(
    "written", ["Kroya", "kroya ", "KROYA", "Kec. Kroya", "kecamatan  kroya", "KEC.KROYA", "\u200bKroya", "Kec Kroya"]
)
def test_a_place_in_any_spelling(written: str) -> None:
    """With or without the word before it."""
    assert "Kroya" == _TENANTS.get("cilacap").entries.kecamatan(written)


@pytest.mark.parametrize(
    "written", ["", None, " ", "\u200b", "Kec.", "kecamatan", "Kroya RT 02", "Bu Kroya", "Kroya, Bu Siti", "Kroyaa"]
)
def test_what_holds_more_than_a_name_is_none(written: str | None) -> None:
    """Nobody's words pass for a name because a name is in them."""
    entries = _TENANTS.get("cilacap").entries

    assert [None] * 3 == [entries.kecamatan(written), entries.desa(written), entries.category(written)]


def test_a_governments_own_lists_come_first(folder: Path) -> None:
    """Its spelling counts, and what all share is added."""
    (folder / "wilayah.csv").write_text("kecamatan,desa\nKROYA,Mujur Lor\n", encoding="utf-8-sig")
    (folder / "categories.csv").write_text("category\nKesehatan Hewan\n", encoding="utf-8")
    (folder.parent / "_reference" / "wilayah.csv").write_text(
        "kabupaten,kecamatan,desa\ncilacap,Kroya,Mujur\nbantul,Sewon,Timbulharjo\n", encoding="utf-8"
    )
    entries = _entries(folder)

    assert ("KROYA", "Mujur", "Mujur Lor", None) == (
        entries.kecamatan("kroya"),
        entries.desa("mujur"),
        entries.desa("desa mujur lor"),
        entries.kecamatan("Sewon"),
    )
    assert ("Kesehatan Hewan", "KESEHATAN") == (entries.category("kesehatan hewan"), entries.category("kesehatan"))


def test_without_lists_only_the_files_names_are_known(folder: Path) -> None:
    """No place then, and the categories of agencies and rules."""
    entries = _entries(folder)

    assert ({}, {}) == (entries.kecamatans, entries.desas)
    assert "KESEHATAN" == entries.category("kesehatan")


@pytest.mark.parametrize("content", [b'kecamatan,desa\nKroya,"Mujur\n', b"kecamatan,desa\nKroy\xe9,x\n"])
def test_a_list_that_cannot_be_read_is_told(folder: Path, content: bytes) -> None:
    """With the file and what to do: never as if it were empty."""
    (folder / "wilayah.csv").write_bytes(content)

    with pytest.raises(FileError) as caught:
        _entries(folder)
    assert folder / "wilayah.csv" == caught.value.file


@pytest.mark.parametrize(
    ("file", "heading"), [("wilayah.csv", "kecamatan,desa,desa"), ("categories.csv", "category,category")]
)
def test_a_list_with_a_heading_twice_is_refused(folder: Path, file: str, heading: str) -> None:
    """One of the two columns would be dropped in silence."""
    (folder / file).write_text(f"{heading}\n{heading.replace('d', 'x')}\n", encoding="utf-8")

    with pytest.raises(FileError, match="given more than once"):
        _entries(folder)
