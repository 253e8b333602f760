"""Every name in a government's files that refers to something: a mistyped one is told, whichever it is, in all five."""

import copy
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from shared.domain.sop.checking.check import check_sop, check_tenant
from shared.domain.sop.checking.finding import ERROR, Finding
from shared.domain.sop.reading.loader import read_sop
from shared.domain.sop.reading.switching_off import switched_off
from shared.wording.yaml_lines import Document, FileError, load_yaml
from tests.sop.walker import TENANTS

ROOT = Path(TENANTS.directory)
GOVERNMENTS = TENANTS.ids()

Data = dict[str, Any]
Mutation = Callable[[Data], None]


def _folder(place: Path, tenant: str) -> Path:
    """A government's files to be changed, beside what all share."""
    for shared in ROOT.glob("_*"):
        (place / shared.name).symlink_to(shared)
    shutil.copytree(ROOT / tenant, place / tenant)
    return place / tenant


def _changed(file: Path, *mutations: Mutation) -> None:
    data: Any = load_yaml(file).data
    for mutation in mutations:
        mutation(data)
    file.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")


@cache
def _procedure(tenant: str) -> Document:
    return load_yaml(ROOT / tenant / "sop.yaml")


def _found(tenant: str, mutation: Mutation) -> list[str]:
    """The errors in a procedure that was changed, as `check_file` finds them, without a file of its own."""
    original = _procedure(tenant)
    data = copy.deepcopy(original.data)
    assert isinstance(data, dict)
    data.pop("classification", None)  # the rules that all share cost more to read than all the rest
    mutation(data)
    try:
        changed = switched_off(Document(original.file, data, original.lines))
        return _errors(check_sop(read_sop(changed, tenant)))
    except FileError as error:
        return [str(each) for each in (error, *error.others)]


def _errors(found: tuple[Finding, ...]) -> list[str]:
    return [str(finding) for finding in found if finding.severity == ERROR]


def _put(*path: str | int, value: Any) -> Mutation:
    def mutation(data: Any) -> None:
        *above, last = path
        for name in above:
            data = data.setdefault(name, {}) if isinstance(name, str) and isinstance(data, dict) else data[name]
        data[last] = value

    return mutation


def _add(block: str, entry: Any) -> Mutation:
    def mutation(data: Data) -> None:
        data[block] = [*(data.get(block) or ()), entry]

    return mutation


PAUSE = {"why": ["court"], "most": "3 wd"}
BY_SOP: dict[str, tuple[Mutation, str]] = {
    "a required field": (_add("requires", "reporter.nama"), "did you mean reporter.name"),
    "a required field that only channels write": (
        _add("requires", "reporter.contacts"),
        "every complaint would lack 'reporter.contacts'",
    ),
    "a required field given twice": (_add("requires", "message"), "'message' is required twice"),
    "a field that an action needs": (
        _add(
            "anytime", {"name": "x", "event": "Classified", "to": "same", "actor": "coordinator", "needs": ["catgory"]}
        ),
        "did you mean category",
    ),
    "an event": (_put("steps", 1, "actions", 0, "event", value="Disposisi"), "'Disposisi' is unknown"),
    "where an action leads": (_put("steps", 1, "actions", 0, "to", value="nowhere"), "no step 'nowhere'"),
    "whose action it is": (_put("steps", 1, "actions", 0, "actor", value="mayor"), "no actor 'mayor'"),
    "an action that a reporter cannot do": (
        _add("anytime", {"name": "x", "event": "Classified", "to": "same", "actor": "reporter", "needs": ["category"]}),
        "nothing that 'reporter' could do",
    ),
    "an action that the system cannot do": (
        _add("anytime", {"name": "x", "event": "Replied", "to": "same", "actor": "system", "needs": ["text"]}),
        "a person's to say",
    ),
    "a status": (_put("anytime", 0, "while", value=["terbuka"]), "'terbuka' is unknown"),
    "who holds it": (_put("anytime", 0, "held_by", value=["mayor"]), "'mayor' is unknown"),
    "a kind of file": (_put("anytime", 0, "needs_files", value=["photograph"]), "'photograph' is unknown"),
    "the actor of a step": (_put("steps", 1, "actor", value="mayor"), "no actor 'mayor'"),
    "the step whose time is shared": (_put("steps", 1, "shares", value="nowhere"), "no step 'nowhere'"),
    "who is told of a breach": (_put("steps", 1, "escalate_to", value=["mayor"]), "no actor 'mayor'"),
    "a reporter told of a breach": (_put("steps", 1, "escalate_to", value=["reporter"]), "'reporter' cannot do this"),
    "where a time-out leads": (
        _put(
            *("steps", 1, "timeout"),
            value={"after": "3 wd", "event": "Lapsed", "to": "nowhere", "confirmed": True, "source": "x"},
        ),
        "no step 'nowhere'",
    ),
    "the first step": (_put("start", value="nowhere"), "no step 'nowhere'"),
    "the row that filing fulfils": (_put("filed_in", value="nowhere"), "no step 'nowhere'"),
    "the step that starts the case": (_put("case", "starts", value="nowhere"), "no step 'nowhere'"),
    "the event that ends the case": (_put("case", "ends", value="Selesai"), "'Selesai' is unknown"),
    "who asks for leave": (_put("leave", "asked_by", value=["mayor"]), "no actor 'mayor'"),
    "a reporter who asks for leave": (_put("leave", "asked_by", value=["reporter"]), "'reporter' cannot do this"),
    "the system that grants leave": (_put("leave", "granted_by", value="system"), "'system' cannot do this"),
    "a reason for leave": (_put("leave", "pause", value={**PAUSE, "why": ["libur"]}), "'libur' is unknown"),
    "who asks for help": (_put("help", "asked_by", value=["reporter"]), "'reporter' cannot do this"),
    "who gives help": (_put("help", "given_by", value="coordinator"), "'coordinator' cannot do this"),
    "who speaks for the reporter": (_put("on_behalf", "by", value=["system"]), "'system' cannot do this"),
    "how the reporter told it": (_put("on_behalf", "via", value=["merpati"]), "'merpati' is unknown"),
    "why it is no complaint": (_put("rejections", value=["bosan"]), "'bosan' is unknown"),
    "an event that is told": (_add("notify", {"on": "Dijawab", "tell": ["reporter"]}), "no event 'Dijawab'"),
    "who is told": (_add("notify", {"on": "Answered", "tell": ["mayor"]}), "no actor 'mayor'"),
    "the system that is told": (_add("notify", {"on": "Answered", "tell": ["system"]}), "written to as 'system'"),
    "the step of a telling": (
        _add("notify", {"on": "Answered", "tell": ["reporter"], "to_step": "nowhere"}),
        "no step 'nowhere'",
    ),
    "a file of rules": (_put("classification", value={"rules_from": "nowhere.yaml"}), "no file 'nowhere.yaml'"),
    "an addition to be switched off": (_add("without", "nowhere"), "'nowhere' is no addition"),
    "a time zone": (_put("timezone", value="Asia/Cilacap"), "no time zone"),
}


@pytest.mark.parametrize("tenant", GOVERNMENTS)
@pytest.mark.parametrize(("mutation", "told"), BY_SOP.values(), ids=BY_SOP.keys())
def test_a_mistyped_name_in_a_procedure(tenant: str, mutation: Mutation, told: str) -> None:
    """It is an error, with what is wrong."""
    errors = _found(tenant, mutation)

    assert [each for each in errors if told in each], errors


def _office(**more: Any) -> dict[str, Any]:
    return {"id": f"dinas_{'_'.join(more)}", "name": "Dinas Baru", "email": "baru@kab.example", **more}


SHARED: dict[str, tuple[str, Mutation, str]] = {
    "an agency's category": (
        "agencies.yaml",
        _add("agencies", _office(categories=["KESEHATN"])),
        "did you mean KESEHATAN",
    ),
    "a group's category": (
        "agencies.yaml",
        _add("groups", {"id": "g", "name": "G", "categories": ["PERHUBUNGN"], "agencies": [], "people": "a@b.example"}),
        "did you mean PERHUBUNGAN",
    ),
    "a sub-district": (
        "agencies.yaml",
        _add("agencies", _office(kind="kecamatan", kecamatan="Antah Berantah")),
        "no list has the sub-district 'Antah Berantah'",
    ),
    "a unit": (
        "agencies.yaml",
        _add("agencies", _office(units=[{"id": "u", "name": "A"}, {"id": "u", "name": "B"}])),
        "'u' is given twice",
    ),
    "a category of the rules": (
        "sop.yaml",
        _put("classification", "rules", value=[{"words": ["puskesmas"], "category": "PENDIDIKN DAN KEBUDAYAAN"}]),
        "did you mean PENDIDIKAN DAN KEBUDAYAAN",
    ),
    "the category by default": (
        "sop.yaml",
        _put("classification", "default_category", value="TOPIK LAINYA"),
        "did you mean TOPIK LAINNYA",
    ),
    "a template of letters": (
        "sop.yaml",
        _add("notify", {"on": "Answered", "tell": ["reporter"], "template": "answered_fnal"}),
        "did you mean answered_final",
    ),
}


@pytest.mark.parametrize("tenant", GOVERNMENTS)
def test_names_that_no_list_has(tmp_path: Path, tenant: str) -> None:
    """Each is an error, with the entry that was meant."""
    folder = _folder(tmp_path, tenant)
    for file, mutation, _ in SHARED.values():
        _changed(folder / file, mutation)

    errors = _errors(check_tenant(folder))

    assert [] == [told for _, _, told in SHARED.values() if not any(told in each for each in errors)], errors


@pytest.mark.parametrize("tenant", GOVERNMENTS)
def test_a_group_of_no_agency_and_another_zone(tmp_path: Path, tenant: str) -> None:
    """What keeps a file from being read at all is an error as well."""
    folder = _folder(tmp_path, tenant)
    group = {"id": "g", "name": "G", "categories": ["PERHUBUNGAN"], "agencies": ["nowhere"]}
    _changed(folder / "agencies.yaml", _add("groups", group))
    unread = _errors(check_tenant(folder))
    shutil.copy(ROOT / tenant / "agencies.yaml", folder / "agencies.yaml")
    _changed(folder / "calendar.yaml", _put("zone", value="Asia/Makassar"))
    zoned = _errors(check_tenant(folder))

    assert any("no agency 'nowhere'" in each for each in unread), unread
    assert any("this calendar is in Asia/Makassar" in each for each in zoned), zoned


@pytest.mark.parametrize("tenant", GOVERNMENTS)
def test_two_groups_of_one_name_or_category(tmp_path: Path, tenant: str) -> None:
    """Of two groups only the first would ever be told, so the second is an error, in whatever letters it is written."""
    folder = _folder(tmp_path, tenant)
    for categories in (["ENERGI DAN SUMBER DAYA ALAM"], ["Energi dan  Sumber Daya Alam"]):
        group = {"id": "g", "name": "G", "categories": categories, "agencies": [], "people": "a@b.example"}
        _changed(folder / "agencies.yaml", _add("groups", group))

    errors = _errors(check_tenant(folder))

    assert any("the group 'g' is given twice" in each for each in errors), errors

    _changed(folder / "agencies.yaml", lambda data: data["groups"][-1].update(id="h"))
    errors = _errors(check_tenant(folder))

    assert any("already 'g' is told" in each for each in errors), errors


MESSAGES = {
    "reporter/answered_fnal.txt": ("X\n\nY\n", "did you mean reporter/answered_final.txt"),
    "reporters/closed.txt": ("X\n\nY\n", "did you mean reporter/closed.txt"),
    "reporter/closed.txt": ("X\n\n{{ tiket }}\n", "did you mean ticket"),
    "officer/closed.txt": ("X\n\n{{ code }}\n", "asks for 'code'"),
    "reporter/lapsed.txt": ("X\n\n{% include 'parts/x.txt' %}", "no part 'parts/x.txt'"),
    "parts/signature.txt": ("{{ pemerintah }}", "asks for 'pemerintah'"),
    "reporter/merged.txt": ("X\n\n{{ ticket", "merged.txt:3"),
}
DOCUMENTS = {
    "nota_dinas.typ": ('#import "letter.typ": paper, nothing\n', "'nota_dinas' cannot be made"),
    "disposition_sheet.typ": ("#let x = (\n", "'disposition_sheet' cannot be made"),
    "answer_letter.typ": ("#nothing()\n", "'answer_letter' cannot be made"),
    "receipt.typ": ('#import "letter.typ": data\n#data.kode\n', "'receipt' cannot be made"),
    "nota_dina.typ": ("x", "did you mean nota_dinas.typ"),
    "documents.yaml": ("numbers: {nota_dina: '1'}\n", "did you mean nota_dinas"),
}


@pytest.mark.parametrize("tenant", GOVERNMENTS)
def test_templates_that_cannot_be_used(tmp_path: Path, tenant: str) -> None:
    """Letters and documents are tried before anybody waits for them."""
    folder = _folder(tmp_path, tenant)
    for within, files in (("messages", MESSAGES), ("documents", DOCUMENTS)):
        for name, (text, _) in files.items():
            (folder / within / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / within / name).write_text(text, encoding="utf-8")

    errors = _errors(check_tenant(folder))

    wanted = [told for files in (MESSAGES, DOCUMENTS) for _, told in files.values()]
    assert [] == [told for told in wanted if not any(told in each for each in errors)], errors


def test_a_number_that_cannot_be_made(tmp_path: Path) -> None:
    """A pattern that names what no number has."""
    folder = _folder(tmp_path, "cilacap")
    (folder / "documents").mkdir()
    (folder / "documents" / "documents.yaml").write_text("numbers: {receipt: '{nomor}'}\n", encoding="utf-8")

    assert any("number of receipt" in each for each in _errors(check_tenant(folder)))


@pytest.mark.parametrize("prefix", ["CLP", "CIP"])
def test_two_governments_with_the_same_tickets(tmp_path: Path, prefix: str) -> None:
    """Told of both: nobody could say whose a ticket is, also where an I is taken for an L."""
    folder = _folder(tmp_path, "trenggalek")
    shutil.copytree(ROOT / "cilacap", tmp_path / "cilacap")
    _changed(folder / "sop.yaml", _put("ticket_prefix", value=prefix))

    errors = [_errors(check_tenant(each)) for each in (folder, tmp_path / "cilacap")]

    assert all(any("they are taken for one" in each for each in found) for found in errors), errors
