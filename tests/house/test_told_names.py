"""Whatever the papers name is there: files, folders, settings, figures, classes; and every room stands in the map."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from shared.platform.settings import PROJECT
from tests.house.papers import PAPERS, code_in, paper_id, without_blocks

ROOMS: Final = ("shared", "services", "portal", "channels", "cli", "tenants", "deploy", "docs", "benchmarks", "tests")
_SOURCE: Final = frozenset({".py", ".sql", ".yaml", ".yml", ".json", ".sh", ".html", ".js", ".toml", ".example"})
_LINK: Final = re.compile(r"\]\(([^)\s]+)\)")
_HEADING: Final = re.compile(r"^#+ (.*)$", re.MULTILINE)
_FILE: Final = re.compile(r"[\w*.-]+(?:/[\w*.-]+)*/?")
_NAMED_SO: Final = re.compile(r".+\.(?:py|md|ya?ml|json|sh|sql|toml|lock)")
_NAME: Final = re.compile(r"\b(?:[A-Z][a-z0-9]+){2,}\b|\b[A-Za-z0-9]+(?:_[A-Za-z0-9]+)+\b")

THEIR_OWN: Final = frozenset({"draft.yaml", "draft-calendar.yaml"})
"""Files of the reader's, by names that an example gives them."""
OTHERS: Final = frozenset(
    {
        *(
            "SyncRep",
            "hot_standby_feedback",
            "pg_cancel_backend",
            "pg_default",
            "pg_promote",
            "pg_reload_conf",
            "pg_rewind",
        ),
        *(
            "cluster_partition_handling",
            "delete_queue",
            "enable_feature_flag",
            "net_ticktime",
            "pause_minority",
            "set_policy",
        ),
        *("OLD_PUBLIC_KEY", "aduan_kode", "lapor_open_data", "name_of_the_bot", "wrong_word"),
    }
)
"""Names that are PostgreSQL's, RabbitMQ's, and of the reader's choosing."""


@cache
def _paths() -> frozenset[str]:
    """Every file and folder of the project, from its root, with a slash before it."""
    top = [path for path in PROJECT.iterdir() if path.is_file()]
    inner = [path for room in ROOMS for path in (PROJECT / room, *(PROJECT / room).rglob("*"))]
    return frozenset(f"/{path.relative_to(PROJECT).as_posix()}" for path in (*top, *inner))


@cache
def _source() -> str:
    """All that runs, and all that is read by what runs; of the tests what they are set up by."""
    ours = (path for path in sorted(_paths()) if not path.startswith("/docs/"))
    files = [PROJECT / path[1:] for path in ours if not path.startswith("/tests/") or "/fixtures/" in path]
    kept = [file for file in files if (file.suffix in _SOURCE or "." not in file.name) and file.is_file()]
    return "\n".join(file.read_text(encoding="utf-8", errors="ignore") for file in kept)


@cache
def _words() -> frozenset[str]:
    return frozenset(re.findall(r"\w+", _source()))


def _anchors(paper: Path) -> set[str]:
    """By what a paper's headings are linked to."""
    headings = _HEADING.findall(without_blocks(paper.read_text(encoding="utf-8")))
    return {re.sub(r"[^\w -]", "", heading.strip().lower()).replace(" ", "-") for heading in headings}


def _files_told(paper: Path) -> Iterator[str]:
    """What looks like a file or folder of the project: it has the ending of one, or begins in one of the rooms."""
    for text in code_in(paper):
        for word in re.sub(r"<\w+>", "*", text).split():
            told = "" if word.endswith("()") else word.strip(".,;:()'\"")
            if _FILE.fullmatch(told) and (_NAMED_SO.fullmatch(told) or told.startswith(tuple(f"{r}/" for r in ROOMS))):
                yield told


def _is_there(told: str) -> bool:
    """In a room, or written or read by what runs: a government's ``retention.yaml`` need not be there."""
    if told in THEIR_OWN:
        return True
    pattern = re.compile(re.escape(f"/{told.rstrip('/')}").replace(r"\*", "[^/]*") + r"\Z")
    return any(pattern.search(path) for path in _paths()) or ("/" not in told and told in _source())


@pytest.mark.parametrize("paper", [path for path in PAPERS if path.suffix == ".md"], ids=paper_id)
def test_every_link_leads_somewhere(paper: Path) -> None:
    """To a file that is there, and to a heading that it has."""
    lost = []
    for link in _LINK.findall(paper.read_text(encoding="utf-8")):
        if "://" in link:
            continue
        name, _, anchor = link.partition("#")
        target = paper.parent / name if name else paper
        if not target.exists() or (anchor and anchor not in _anchors(target)):
            lost.append(link)

    assert [] == lost


@pytest.mark.parametrize("paper", PAPERS, ids=paper_id)
def test_every_file_told_exists(paper: Path) -> None:
    """Whoever looks for what a paper names finds it."""
    assert [] == [told for told in _files_told(paper) if not _is_there(told)]


@pytest.mark.parametrize("paper", PAPERS, ids=paper_id)
def test_every_name_told_is_one_of_ours(paper: Path) -> None:
    """Settings, figures, tables, events, classes and functions, as the program calls them."""
    words = (word for text in code_in(paper) for word in text.split() if "/" not in word or "ADUAN_" in word)
    told = {name.removesuffix("_FILE") for word in words for name in _NAME.findall(word)}

    assert set() == told - _words() - OTHERS


def test_the_map_names_every_room() -> None:
    """Whoever must find a line finds its room in ARCHITECTURE.md."""
    [mapped] = [text for text in code_in(PROJECT / "ARCHITECTURE.md") if text.startswith("services/<name>/")]
    inner = [path.parent for place in ("shared/*", "portal", "cli") for path in PROJECT.glob(f"{place}/*/__init__.py")]

    assert [] == sorted(str(path) for path in inner if f"{path.name}/" not in mapped)
    assert [] == [room for room in ROOMS if not re.search(rf"^{room}/", mapped, re.MULTILINE)]
