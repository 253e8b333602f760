"""``aduan sop check``: what it says of the five, and of what can be wrong with any."""

import shutil
from pathlib import Path

import pytest

from shared.base.errors import NotFound
from shared.domain.sop.checking.check import check_file, check_sop, check_tenant
from shared.domain.sop.checking.finding import ERROR, INFO, WARNING, Finding
from shared.domain.sop.checking.limits import load_limits
from shared.domain.sop.reading.loader import parse_sop
from shared.wording.yaml_lines import FileError
from tests.sop.walker import SIXTH, TENANTS

ROOT = Path(TENANTS.directory)
LIMITS = load_limits(ROOT / "_reference" / "limits.yaml")
TEXT = (Path(SIXTH.directory) / "kepulauan" / "sop.yaml").read_text()


def of(tenant: str, severity: str) -> list[Finding]:
    """The findings of one severity on a government's files."""
    return [finding for finding in check_tenant(ROOT / tenant) if finding.severity == severity]


def codes(text: str) -> list[tuple[str, str]]:
    """What is found in an SOP's text."""
    return [(finding.severity, finding.code) for finding in check_sop(parse_sop(text, "kepulauan"), LIMITS)]


@pytest.mark.parametrize("tenant", ["cilacap", "bantul", "majalengka", "trenggalek", "cirebon"])
def test_no_error_on_the_five(tenant: str) -> None:
    """None of the five would lose or mishandle a dossier."""
    assert [] == of(tenant, ERROR)


@pytest.mark.parametrize(
    ("tenant", "said"),
    [
        ("cilacap", "the steps make up 135 min, as stated"),
        ("bantul", "the steps make up 1060 min, as stated"),
        ("trenggalek", "the steps make up 39 wd; no total is stated"),
        ("cirebon", "the steps make up 10860 s; no total is stated"),
    ],
)
def test_sums(tenant: str, said: str) -> None:
    """Each sum is told, with the stated total where there is one."""
    assert said in [finding.message for finding in of(tenant, INFO)]


def test_majalengka_is_warned() -> None:
    """32 of 34 days are allotted, and 34 days are longer than 14 working days by a confirmed limit."""
    found = {finding.code: finding for finding in reversed(of("majalengka", WARNING))}

    assert "32 of the stated 34 d are allotted to steps, 2 are not" == found["sum_differs"].message
    assert "34 d, longer than 14 wd" in found["looser_than_law"].message
    assert "(confirmed:" in found["looser_than_law"].message


def test_only_the_slow_are_looser_than_law() -> None:
    """Two of the five exceed a limit; the other three promise hours or days."""
    warned = {t.id for t in TENANTS.all() if any(f.severity == WARNING for f in check_sop(t.sop, LIMITS))}

    assert {"majalengka", "trenggalek"} == warned


def test_unconfirmed_limit_only_informs() -> None:
    """A number that nobody has seen in a source warns of nothing."""
    text = TEXT.replace("within: 14 d,", "within: 70 d,").replace("after: 3 d,", "after: 2 d,")
    found = [(severity, code) for severity, code in codes(text) if code == "looser_than_law"]

    assert (INFO, "looser_than_law") in found
    assert (WARNING, "looser_than_law") in found


LAPSE = "    timeout: {after: 3 d, event: Lapsed, to: end, confirmed: true, source: invented}\n"
CLOSE = "    timeout: {after: 5 wd, event: Closed, to: end, confirmed: true, source: invented}\n"
COURT = "    timeout: {after: 90 d, event: Closed, to: end, confirmed: false, source: invented}\n"
FROM_COURT = "{name: return, event: Returned, to: hear, needs: [reason], why: out_of_authority}"
ATTIC = "  - {id: attic, actor: clerk, activity: Gudang, actions: [{name: forward, event: Forwarded, to: hear}]}\n"
APPROVE = "{name: approve, event: Answered, kind: final, to: objection, optional: [text]}"
POET = "  - {id: poet, title: Penyair, scope: tenant}\n"
SOLVED = "{name: close, event: Closed, to: end}"
FAULTS = [
    (SOLVED, SOLVED.replace("to: end", "to: same"), (ERROR, "closed_goes_on")),
    (SOLVED, SOLVED.replace("close,", "settle,"), (ERROR, "wrong_actor")),
    (SOLVED, SOLVED.replace("to: end", "to: end, actor: clerk"), (ERROR, "wrong_actor")),
    ("  - id: decree\n", ATTIC + "  - id: decree\n", (ERROR, "unreachable_step")),
    (FROM_COURT, FROM_COURT.replace("to: hear", "to: same"), (WARNING, "no_way_back")),
    (FROM_COURT, FROM_COURT.replace("needs: [reason], ", ""), (ERROR, "return_without_reason")),
    (APPROVE, APPROVE.replace("to: objection, optional", "to: end, needs"), (ERROR, "not_an_end")),
    (LAPSE, "", (WARNING, "wait_without_timeout")),
    (COURT, "", (WARNING, "wait_without_timeout")),
    ("    otherwise: forward\n", "", (WARNING, "automatic_without_otherwise")),
    ("within: 300 min", "within: 3 wd", (WARNING, "no_sum")),
    ("stated_total: 5461 min", "stated_total: 5000 min", (WARNING, "sum_differs")),
    ("tell: [reporter, clerk]", "tell: [clerk]", (WARNING, "reporter_not_told")),
    ("  - {on: Dispositioned, tell: [agency]}\n", "", (WARNING, "nobody_told")),
    ("    within: 120 min\n", "", (INFO, "no_time_standard")),
    ("  - {id: system,", POET + "  - {id: system,", (WARNING, "idle_actor")),
]


@pytest.mark.parametrize(("old", "new", "expected"), FAULTS, ids=[fault[2][1] for fault in FAULTS])
def test_one_fault_at_a_time(old: str, new: str, expected: tuple[str, str]) -> None:
    """A sound SOP with one passage changed has just that fault, and the sound one has none of them."""
    assert 1 == TEXT.count(old), old

    assert expected in codes(TEXT.replace(old, new))
    assert expected not in codes(TEXT)


def test_answer_that_nobody_wrote() -> None:
    """A final answer without a text of its own needs a draft on every way to it."""
    text = TEXT.replace("to: hear, needs: [response]", "to: hear").replace(
        "to: decree, needs: [response]", "to: decree"
    )

    assert (ERROR, "answer_without_text") in codes(text)
    assert (ERROR, "answer_without_text") not in codes(TEXT)


def test_step_that_nothing_leaves() -> None:
    """A step whose actions all stay in it is a trap."""
    text = TEXT.replace(APPROVE, "{name: classify, event: Classified, to: same, optional: [category]}")
    text = text.replace("to: hear, needs: [reason], why: rework", "to: same, needs: [reason], why: rework")

    assert (ERROR, "step_without_exit") in codes(text)


def test_circle_without_end() -> None:
    """Steps that lead to one another and never to an end are an error, though each has an exit."""
    text = TEXT
    for end in (CLOSE, COURT, LAPSE, "      - {name: close, event: Closed, to: end}\n"):
        text = text.replace(end, "")

    assert (ERROR, "no_end") in codes(text)


def test_findings_of_a_file_have_lines() -> None:
    """Each finding names the file and a line that is about it."""
    path = Path(TENANTS.directory) / "majalengka" / "sop.yaml"
    lines = path.read_text().splitlines()
    sums = [finding for finding in check_file(path, "majalengka", LIMITS) if finding.code == "sum_differs"]

    assert [str(path)] == [finding.file for finding in sums]
    assert "stated_total" in lines[sums[0].line - 1]
    assert str(sums[0]).startswith(f"{path}:{sums[0].line}: warning: ")


def test_unreadable_file_is_a_finding(tmp_path: Path) -> None:
    """A file that cannot be read is told among the findings of its government, once, with line and remedy."""
    shutil.copytree(ROOT / "cilacap", tmp_path / "cilacap")
    path = tmp_path / "cilacap" / "sop.yaml"
    path.write_text(path.read_text().replace("actor: head", "actor: king"))

    found = [finding for finding in check_tenant(tmp_path / "cilacap") if finding.severity == ERROR]

    assert ["there is no actor 'king'"] == [finding.message for finding in found]
    assert found[0].line > 1
    assert found[0].remedy


def test_contacts_are_checked(tmp_path: Path) -> None:
    """An actor of the government itself who cannot be written to is told."""
    shutil.copytree(ROOT / "cilacap", tmp_path / "cilacap")
    path = tmp_path / "cilacap" / "agencies.yaml"
    path.write_text(path.read_text().replace("contacts:\n  coordinator:", "contacts:\n  somebody:"))

    assert "no_contact" in [finding.code for finding in check_tenant(tmp_path / "cilacap")]


def test_a_mistyped_contact_is_told(tmp_path: Path) -> None:
    """A contact of an office for a role that the procedure does not know reaches nobody."""
    shutil.copytree(ROOT / "cilacap", tmp_path / "cilacap")
    path = tmp_path / "cilacap" / "agencies.yaml"
    path.write_text(path.read_text().replace("{liaison: sekretaris.dkp@", "{liason: sekretaris.dkp@"))

    found = [finding for finding in check_tenant(tmp_path / "cilacap") if finding.code == "unknown_contact"]
    assert ["'dkp' has a contact for 'liason', and there is no such actor"] == [finding.message for finding in found]


def test_unknown_tenant(tmp_path: Path) -> None:
    """There is nothing to say of a government that is not there."""
    with pytest.raises(NotFound):
        check_tenant(tmp_path / "atlantis")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("limits:\n  - {id: a, title: A, span: total, confirmed: true, source: S}", "at_most or at_least"),
        ("limits:\n  - {id: a, title: A, span: totals, at_most: 1 d, confirmed: true, source: S}", "unknown"),
        ("limits:\n  - {id: a, title: A, span: total, at_most: 1 d, source: S}", "confirmed"),
    ],
)
def test_wrong_limits_file(tmp_path: Path, text: str, message: str) -> None:
    """A limit without a bound, a known span or a mark is refused."""
    path = tmp_path / "limits.yaml"
    path.write_text(text)

    with pytest.raises(FileError, match=message):
        load_limits(path)


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("sop.yaml", "reporter.name", "reporter.nama", "did you mean reporter.name?"),
        ("sop.yaml", "reporter.name", "channel", "every complaint would lack 'channel'"),
        ("sop.yaml", "needs: [reason]", "needs: [resaon]", "did you mean reason?"),
        ("calendar.yaml", "Asia/Jakarta", "Asia/Makassar", "this calendar is in Asia/Makassar"),
        ("agencies.yaml", "email:", "e_mail:", "e_mail"),
    ],
    ids=[
        "a field of no complaint",
        "a field of filing alone",
        "a field of no action",
        "two zones",
        "a list of offices",
    ],
)
def test_what_would_spoil_every_complaint_is_an_error(tmp_path: Path, file: str, old: str, new: str, told: str) -> None:
    """Names that nothing stands behind, and what shows only when all files are seen together."""
    shutil.copytree(ROOT, tmp_path / "tenants")
    changed = tmp_path / "tenants" / "cilacap" / file
    text = changed.read_text(encoding="utf-8")
    assert old in text
    assert not [found for found in check_tenant(tmp_path / "tenants" / "cilacap") if found.severity == "error"]
    changed.write_text(text.replace(old, new, 1), encoding="utf-8")

    errors = [found for found in check_tenant(tmp_path / "tenants" / "cilacap") if found.severity == "error"]

    assert [found for found in errors if told in str(found)], errors
