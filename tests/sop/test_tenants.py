"""The governments of an installation, their versions and offices."""

import csv
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shared.base.errors import NotFound
from shared.domain.all_tenants import Tenants
from shared.domain.sop.reading.agencies import load_agencies
from shared.domain.tenants import load_tenant
from shared.wording.yaml_lines import FileError
from tests.sop.walker import SIXTH, TENANTS

TWO_WITH_ONE_CATEGORY = """\
name: X
agencies:
  - {id: a, name: A, email: a@x.example, categories: [K]}
  - {id: b, name: B, email: b@x.example, categories: [k]}
"""
REFERENCE = Path(TENANTS.directory) / "_reference"

SPELLINGS: list[Callable[[str], str]] = [
    str.lower,
    str.title,
    lambda name: f" {name}\u00a0",
    lambda name: name.replace(" ", "  "),
    lambda name: name.replace("A", "\uff21"),
]


def test_all_tenants() -> None:
    """Folders are governments, but for those whose names begin with an underscore."""
    assert ["bantul", "cilacap", "cirebon", "majalengka", "trenggalek"] == [tenant.id for tenant in TENANTS.all()]


@pytest.mark.parametrize("name", ["atlantis", "_reference", "", "..", "../tenants/cilacap"])
def test_unknown_tenant(name: str) -> None:
    """Whatever is asked for, only a known government is found."""
    with pytest.raises(NotFound, match="unknown_tenant"):
        TENANTS.get(name)


def test_an_older_version_stays_beside_the_current_one() -> None:
    """A dossier filed under version 1 finds it, with its own times, after version 2 came."""
    tenant = SIXTH.get("kepulauan")

    assert 2 == tenant.sop.version
    assert ["24 h wall", "48 h wall"] == [str(tenant.sop_of(number).step("inspect").within) for number in (2, 1)]


def test_versions_must_agree_with_their_file_names(tmp_path: Path) -> None:
    """A file that names another version than it holds, or a newer one than the current, is told."""
    folder = tmp_path / "kepulauan"
    shutil.copytree(Path(SIXTH.directory) / "kepulauan", folder)
    (folder / "sop.v1.yaml").rename(folder / "sop.v3.yaml")

    with pytest.raises(FileError, match="describes version 1") as caught:
        load_tenant(folder)
    assert "sop.v1.yaml" in caught.value.remedy

    (folder / "sop.v3.yaml").rename(folder / "sop.v1.yaml")
    (folder / "sop.v2.yaml").write_text((folder / "sop.yaml").read_text())
    with pytest.raises(FileError, match="not older than the current"):
        load_tenant(folder)


def test_calendar_and_sop_must_be_of_one_zone(tmp_path: Path) -> None:
    """A calendar in another zone than the SOP would make every due time wrong by hours: refused."""
    shutil.copytree(Path(SIXTH.directory) / "kepulauan", tmp_path / "kepulauan")
    path = tmp_path / "kepulauan" / "calendar.yaml"
    path.write_text(path.read_text().replace("Asia/Jayapura", "Asia/Jakarta"))

    with pytest.raises(FileError, match="Asia/Jakarta"):
        _ = Tenants(tmp_path).get("kepulauan").calendar


def test_every_tenant_has_its_calendar() -> None:
    """All calendars load, in the zone of their SOP."""
    assert {"Asia/Jakarta"} == {tenant.calendar.zone.key for tenant in TENANTS.all()}


def test_local_time() -> None:
    """Instants are written with the government's own offset."""
    instant = datetime(2026, 10, 1, 1, 0, tzinfo=UTC)

    assert "2026-10-01T08:00:00+07:00" == TENANTS.get("cilacap").local(instant)
    assert "2026-10-01T10:00:00+09:00" == SIXTH.get("kepulauan").local(instant)
    assert TENANTS.get("cilacap").local(None) is None


@pytest.mark.parametrize("name", ["cilacap", "bantul", "majalengka", "trenggalek", "cirebon"])
def test_agencies(name: str) -> None:
    """Each government has its offices, each with an address that reaches nobody real, and each category at most one."""
    tenant = TENANTS.get(name)

    assert len(tenant.agencies) >= 20
    assert all((agency.email or "").endswith(".example") for agency in tenant.agencies)
    contacts = [contact for desk in tenant.desks.values() for contact in desk.contacts]
    contacts += [contact for agency in tenant.agencies for each in agency.people.contacts.values() for contact in each]
    assert all((contact.email or "").endswith(".example") for contact in contacts)
    with (REFERENCE / "categories.csv").open(encoding="utf-8") as file:
        categories = {row["category"] for row in csv.DictReader(file)}
    placed = [category for agency in tenant.agencies for category in agency.categories]

    assert set(placed) <= categories
    assert len(placed) == len(set(placed))


def test_category_finds_its_agency() -> None:
    """A complaint is sent by its category; what nobody takes, and no category at all, waits for a person."""
    cilacap = TENANTS.get("cilacap")
    found = cilacap.agency_for("kesehatan")

    assert found is not None
    assert "dinkes" == found.id
    assert cilacap.agency_for("TOPIK LAINNYA") is None
    assert cilacap.agency_for(None) is None
    assert cilacap.agency_for(" ") is None


@pytest.mark.parametrize("name", ["cilacap", "bantul", "majalengka", "trenggalek", "cirebon"])
@pytest.mark.parametrize("spoil", SPELLINGS)
def test_any_spelling_finds_the_agency(name: str, spoil: Callable[[str], str]) -> None:
    """No spelling of a category sends a complaint another way than the list's own."""
    tenant = TENANTS.get(name)
    for agency in tenant.agencies:
        for category in agency.categories:
            assert agency == tenant.agency_for(spoil(category))


def test_one_category_in_two_spellings_has_one_owner(tmp_path: Path) -> None:
    """Two agencies cannot share a category by writing it differently."""
    entry = "  - {{id: {id}, name: X, email: a@b.example, categories: ['{category}']}}\n"
    path = tmp_path / "agencies.yaml"
    one, other = entry.format(id="one", category="PEKERJAAN UMUM"), entry.format(id="other", category="Pekerjaan  umum")
    path.write_text(f"name: X\nagencies:\n{one}{other}")

    with pytest.raises(FileError, match="already goes to 'one'"):
        load_agencies(path)


def test_sub_districts_and_vertical_agencies() -> None:
    """Majalengka's sub-districts are agencies with the names of the map; Cirebon has offices of central agencies."""
    with (REFERENCE / "wilayah.csv").open(encoding="utf-8") as file:
        names = {row["kecamatan"] for row in csv.DictReader(file) if row["kabupaten"] == "majalengka"}

    assert names == {a.kecamatan for a in TENANTS.get("majalengka").agencies if a.kind == "kecamatan"}
    assert {"kemenag", "kantah"} <= {a.id for a in TENANTS.get("cirebon").agencies if a.kind == "vertical"}


def test_unknown_agency() -> None:
    """An agency of another government is unknown here."""
    with pytest.raises(NotFound, match="unknown_agency"):
        TENANTS.get("cilacap").agency("kemenag")


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("name: X\nagencies:\n  - {id: a, name: A, email: a@x.example}\n  - {id: a, name: B, email: b@x.example}", 4,
         "given twice"),
        ("name: X\nagencies:\n  - {id: a, name: A, email: nobody}", 3, "no e-mail address"),
        (TWO_WITH_ONE_CATEGORY, 4, "already goes to 'a'"),
        ("name: X\nagencies:\n  - {id: a, name: A, email: a@x.example, kind: bank}", 3, "unknown"),
        ("agencies: []", 1, "'name' is missing"),
    ],
)  # fmt: skip
def test_wrong_agencies_file(tmp_path: Path, text: str, line: int, message: str) -> None:
    """A wrong list of offices is told with its line and a remedy."""
    path = tmp_path / "agencies.yaml"
    path.write_text(text)

    with pytest.raises(FileError, match=message) as caught:
        load_agencies(path)

    assert line == caught.value.line
    assert caught.value.remedy
