"""The labelled texts, and how well they are classified."""

import time
from pathlib import Path

import pytest

from shared.domain.classifying.classify import classify
from shared.domain.classifying.corpus import load_corpus
from shared.domain.classifying.measuring import measure
from shared.wording.yaml_lines import FileError
from tests.classifying.known import REFERENCE, SHARED, corpus
from tests.cli.command import aduan_here
from tests.sop.walker import TENANTS

CATEGORIES = REFERENCE / "categories.csv"
EACH_CATEGORY = 3


def test_the_corpus_is_large_and_whole() -> None:
    """At least 400 texts, about half of them untouched, every class and nearly every category in both halves."""
    halves = corpus().halves
    classes = [{text.classification for text in texts} for texts in halves.values()]
    categories = [{text.category for text in texts} for texts in halves.values()]

    assert sum(map(len, halves.values())) >= 400
    assert len(halves["untouched"]) >= 200
    assert [{"complaint", "question", "information", "suggestion"}] * 2 == classes
    assert all(len(found) >= 20 for found in categories)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("[complaint, KESEHATAN, sama]\n  - [question, ~, 'SAMA ']", "stands twice"),
        ("[complaint, KESEHATN, teks]", "is no category"),
        ("[complaint, kesehatan, teks]", "is no category"),
        ("[gossip, KESEHATAN, teks]", "is no class"),
        ("[complaint, KESEHATAN]", "no labelled text"),
        ("[complaint, KESEHATAN, ' ']", "no labelled text"),
    ],
)
def test_a_wrong_line_is_told(tmp_path: Path, line: str, message: str) -> None:
    """With its number, so that it can be found among hundreds."""
    path = tmp_path / "corpus.yaml"
    path.write_text(f"version: 1\nuntouched: []\ntuning:\n  - {line}\n", encoding="utf-8")

    with pytest.raises(FileError, match=message) as caught:
        load_corpus(path, CATEGORIES)

    assert caught.value.line >= 4


def test_the_goals_are_met_on_the_untouched_half() -> None:
    """Class at least 92 %, category at least 88 %, at most 3 % to a wrong agency by itself."""
    figures = measure(SHARED, corpus().halves["untouched"], lambda category: category)

    assert figures.share(figures.classes) >= 0.92
    assert figures.share(figures.categories) >= 0.88
    assert figures.share(figures.astray) <= 0.03


@pytest.mark.parametrize("tenant", ["bantul", "cirebon", "majalengka"])
def test_few_go_astray_in_any_government(tenant: str) -> None:
    """With its own words and its own agencies, at most 3 % go to a wrong one by themselves."""
    ours = TENANTS.get(tenant)

    def owner(category: str | None) -> str | None:
        agency = ours.agency_for(category)
        return agency.id if agency else None

    figures = measure(ours.sop.classification, corpus().halves["untouched"], owner)

    assert figures.share(figures.astray) <= 0.03


def test_check_prints_the_figures() -> None:
    """The command tells texts, shares and confusions of each half and of all."""
    ran = aduan_here("classify", "check")
    texts = {half: len(found) for half, found in corpus().halves.items()}

    assert 0 == ran.status
    for name, count in [*texts.items(), ("all", sum(texts.values()))]:
        assert [name, str(count)] == ran.line(name).split()[:2]
    assert "most confused, untouched:" in ran.out
    assert " taken for " in ran.out


def test_explain_tells_why() -> None:
    """The command for an administrator who wonders about one text."""
    ran = aduan_here("classify", "explain", "lmpu jln mati", "--tenant", "cirebon")

    assert 0 == ran.status
    assert "PERHUBUNGAN" in ran.line("category")
    assert "decided:clear" in ran.out


def test_it_is_fast() -> None:
    """Less than 2 ms for a text, on average over the corpus; what is beyond a text's first part costs nothing.

    The best of some counts: a processor that others share makes each of them longer, a slow program all.
    """
    texts = [text.text for half in corpus().halves.values() for text in half]

    def each() -> float:
        began = time.process_time()
        for text in texts:
            classify(SHARED, text)
        return (time.process_time() - began) / len(texts)

    assert any(each() < 0.002 for _ in range(3))
    began = time.process_time()
    classify(SHARED, "aqwertyuiopzx " * 100_000)

    assert time.process_time() - began < 0.25
