"""A broken SOP file is told with file, line and remedy."""

from pathlib import Path

import pytest

from shared.domain.sop.reading.loader import load_sop, parse_sop
from shared.wording.yaml_lines import FileError
from tests.sop.walker import SIXTH

FILE = Path(SIXTH.directory) / "kepulauan" / "sop.yaml"
TEXT = FILE.read_text()


def broken(old: str, new: str) -> tuple[str, int]:
    """The sixth SOP with one passage replaced, and the line in which it stands."""
    assert 1 == TEXT.count(old), old
    return TEXT.replace(old, new), TEXT[: TEXT.index(old)].count("\n") + 1


def test_sixth_sop_needs_files_only() -> None:
    """A government that none of the five resembles is added by writing files."""
    sop = load_sop(FILE, "kepulauan")

    assert ("kepulauan", 2, "sort") == (sop.tenant, sop.version, sop.start)
    assert ("PELABUHAN",) == tuple(rule.category for rule in sop.classification.rules)


@pytest.mark.parametrize(
    ("old", "new", "message", "remedy"),
    [
        ("to: hear, needs: [response]", "to: hearing, needs: [response]", "no step 'hearing'", "inspect"),
        ("actor: regent", "actor: king", "no actor 'king'", "declare it"),
        ("event: Transferred", "event: Transfered", "'Transfered' is unknown", "Transferred"),
        ("within: 24 h wall", "within: one day", "within", "15 min"),
        ("within: 60 h\n", "within: 60 h\n    whithin: 2 h\n", "'whithin' is not known here", "within"),
        ("automatic: dispose", "automatic: guess", "'guess' is unknown", "notify"),
        ("otherwise: forward", "otherwise: go_on", "no action of this step", "name one of its actions"),
        ("start: sort", "start: begin", "no step 'begin'", "sort"),
        ("starts: sort", "starts: begin", "no step 'begin'", "sort"),
        ("timezone: Asia/Jayapura", "timezone: Mars/Olympus", "no time zone", "Asia/Jayapura"),
        ("ticket_prefix: KPL", "ticket_prefix: kepulauan", "ticket_prefix", "capital letters"),
        ("kind: interim, ", "", "has a kind", "kind: interim"),
        ("why: out_of_authority", "kind: final", "has a why", "wrong_agency"),
        ("needs: [agency], optional: [note]", "optional: [note]", "without naming it", "needs: [agency]"),
        ("- {id: radio,", "- {id: boat,", "given twice", "its own name"),
        ("- {name: close, event: Closed", "- {name: reopen, event: Closed", "given twice", "its own name"),
        ("  - {id: system, title: Mesin, scope: system}\n", "", "'system'", "scope: system"),
        ("tell: [reporter, clerk]", "tell: [reporter, priest]", "no actor 'priest'", "clerk"),
        ("on: Dispositioned", "on: Disposed", "no event 'Disposed'", "Dispositioned"),
        ("title: Rembuk Aduan Warga\n", "", "'title' is missing", "add it"),
        ("version: 2", "version: two", "version", "whole number"),
        ("automatic: classify\n", "within: 5 min\n", "system acts by itself", "automatic"),
        ("event: Classified, to: send", "event: Forwarded, to: send", "no action for", "add"),
        ("timeout: {after: 3 d,", "timeout: {after: 3 days maybe,", "after", "15 min"),
    ],
)  # fmt: skip
def test_broken_file(old: str, new: str, message: str, remedy: str) -> None:
    """One wrong passage is told with the file, a line in or beside it, and what to do."""
    text, line = broken(old, new)

    with pytest.raises(FileError) as caught:
        parse_sop(text, "kepulauan", "kepulauan/sop.yaml")

    errors = [caught.value, *caught.value.others]
    about = [error for error in errors if message in error.message]
    assert about, str(caught.value)
    assert remedy in about[0].remedy, about[0].remedy
    assert Path("kepulauan/sop.yaml") == about[0].file
    away = abs(about[0].line - line)
    # A missing part is told at the part that lacks it; all else on the spot or in the lines of its own entry.
    assert away <= 8 or about[0].line == 1 or "system" in message, (about[0].line, line)


def test_all_errors_at_once() -> None:
    """An administrator sees every error of the file, topmost first."""
    text = TEXT.replace("actor: regent", "actor: king").replace("to: decree,", "to: decision,")

    with pytest.raises(FileError) as caught:
        parse_sop(text, "kepulauan")

    lines = [error.line for error in (caught.value, *caught.value.others)]
    assert sorted(lines) == lines
    assert 2 == len(lines)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "must consist of fields"),
        ("- a\n- b", "must consist of fields"),
        ("a: [", "not valid YAML"),
        ("5", "fields"),
    ],
)
def test_no_sop_at_all(text: str, message: str) -> None:
    """A file that is no SOP in any way is told as such."""
    with pytest.raises(FileError, match=message):
        parse_sop(text, "x")


def test_missing_file(tmp_path: Path) -> None:
    """A file that is not there is told by its name."""
    with pytest.raises(FileError, match="does not exist"):
        load_sop(tmp_path / "sop.yaml", "x")


@pytest.mark.parametrize("name", ["words.yaml", ".", "../", "words" * 60])
def test_shared_keywords_must_exist(tmp_path: Path, name: str) -> None:
    """A list of words that is referred to and not there, or no file, is told at the reference."""
    path = tmp_path / "sop.yaml"
    path.write_text(TEXT.replace("classification:\n  rules:", f"classification:\n  rules_from: {name}\n  rules:"))

    with pytest.raises(FileError, match="there is no file") as caught:
        load_sop(path, "x")

    assert "rules_from" in path.read_text().splitlines()[caught.value.line - 1]
