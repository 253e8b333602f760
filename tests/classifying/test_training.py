"""The model, made anew."""

from pathlib import Path

import pytest

from shared.domain.classifying.classify import classify
from shared.domain.classifying.corpus import Labelled
from shared.domain.classifying.model import Model, dump_model, load_model
from shared.domain.classifying.training import train
from shared.domain.sop.annexes import Classification
from shared.domain.sop.reading.loader import load_sop
from shared.wording.yaml_lines import FileError
from tests.classifying.known import REFERENCE, SHARED, corpus
from tests.cli.command import aduan
from tests.sop.walker import TENANTS

FEW = corpus().halves["tuning"][::4]
STREET = "warga Wonosantri mengeluh pungutan arisan Sutinah tiap minggu"


@pytest.fixture(scope="module")
def learned() -> Model:
    """A model of a quarter of the texts, and of past complaints with a name in them."""
    past = [Labelled(f"{STREET} {number}", "complaint", "AGAMA") for number in range(9)]
    return train(SHARED.rules, FEW, "test", past)


def test_it_is_written_and_read(learned: Model, tmp_path: Path) -> None:
    """The file is plain data: what is read from it guesses as what was learned."""
    path = tmp_path / "model.json"
    path.write_text(dump_model(learned), encoding="utf-8")
    one = Classification(rules=SHARED.rules, model=learned)
    other = Classification(rules=SHARED.rules, model=load_model(path))

    assert [classify(one, text.text) for text in FEW] == [classify(other, text.text) for text in FEW]


def test_no_name_is_learned(learned: Model) -> None:
    """Of past complaints only words of the dictionary or the catalogue are kept, never who or where."""
    text = dump_model(learned).casefold()

    assert '"arisan"' in text
    assert "sutinah" not in text
    assert "wonosantri" not in text


def test_the_shipped_model_comes_from_the_shipped_texts() -> None:
    """It names the corpus' version and how many texts it learned from."""
    found = corpus()

    assert SHARED.model is not None
    assert f"{found.version}.{len(found.halves['tuning'])}" == SHARED.model.version


@pytest.mark.slow
def test_the_command_makes_the_same_model_again(tmp_path: Path) -> None:
    """Trained anew from the same texts, it guesses what the shipped one does, whichever version learned it."""
    ran = aduan("classify", "train", "--output", str(tmp_path / "model.json"))

    assert 0 == ran.status
    again = Classification(
        rules=SHARED.rules, default_classification="complaint", model=load_model(tmp_path / "model.json")
    )
    texts = [text.text for half in corpus().halves.values() for text in half]
    alike = [classify(again, text).category == classify(SHARED, text).category for text in texts]
    assert sum(alike) >= 0.99 * len(alike)


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[]", '{"version": "1", "language": 1}', '{"language": 0}'],
)
def test_a_broken_model_is_told(tmp_path: Path, text: str) -> None:
    """By file and remedy; so is one that was learned with another reading of the language."""
    path = tmp_path / "model.json"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(FileError, match="aduan classify train"):
        load_model(path)


def test_a_missing_model_is_told(tmp_path: Path) -> None:
    """An SOP whose shared words name a model that is not there cannot be read."""
    (tmp_path / "_reference").mkdir()
    (tmp_path / "cirebon").mkdir()
    words = (REFERENCE / "keywords.yaml").read_text(encoding="utf-8")
    (tmp_path / "_reference" / "keywords.yaml").write_text(words, encoding="utf-8")
    sop = (Path(TENANTS.directory) / "cirebon" / "sop.yaml").read_text(encoding="utf-8")
    (tmp_path / "cirebon" / "sop.yaml").write_text(sop, encoding="utf-8")

    with pytest.raises(FileError, match="there is no model"):
        load_sop(tmp_path / "cirebon" / "sop.yaml", "cirebon")
