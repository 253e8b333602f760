"""A linear model as data: one weight for each feature and label, learned by ``aduan classify train``."""

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from shared.domain.classifying.language import language
from shared.wording.yaml_lines import FileError

REMEDY = "make it anew with `aduan classify train`"


@dataclass(frozen=True, eq=False)
class Scale:
    """Weights for one question.

    :param labels: the possible answers; the empty one is "none of them".
    :param bias: what each answer has from the start.
    :param weights: by feature, the answers (by place in ``labels``) that it speaks for or against.
    """

    labels: tuple[str, ...]
    bias: tuple[float, ...]
    weights: Mapping[str, Mapping[int, float]]

    def scores(self, features: Iterable[str]) -> dict[str, float]:
        """The score of each answer, as the logarithm of its probability."""
        sums = list(self.bias)
        for feature in features:
            for place, weight in self.weights.get(feature, {}).items():
                sums[place] += weight
        total = log_sum(sums)
        return {label: value - total for label, value in zip(self.labels, sums, strict=True)}


@dataclass(frozen=True)
class Mix:
    """How the weights and the catalogue's words go together for the category.

    :param share: what the weights count beside the words.
    :param word: what a word counts.
    :param first: what the first of them counts in addition: what a text is about stands at its beginning.
    :param office: what an office's word counts for "none".
    :param least: the least probability with which a category is given without a person.
    """

    share: float
    word: float
    first: float
    office: float
    least: float


@dataclass(frozen=True, eq=False)
class Model:
    """What was learned.

    :param version: ``<corpus>.<number>``, kept with each guess.
    :param category: weights for the category.
    :param classification: weights for the class.
    :param mix: how the weights for the category go together with the catalogue's words.
    """

    version: str
    category: Scale
    classification: Scale
    mix: Mix


def load_model(path: Path) -> Model:
    """A model's file.

    :raises FileError: if there is none, or it cannot be used with this program's reading of texts.
    """
    if not path.exists():
        raise FileError(path, 0, "there is no model", REMEDY)
    return _loaded(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=8)
def _loaded(path: Path, _changed: int) -> Model:
    try:
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if data["language"] != language().version:
            message = f"learned with version {data['language']} of the language, this is {language().version}"
            raise FileError(path, 1, message, REMEDY)
        mix = Mix(**{name: float(value) for name, value in data["mix"].items()})
        return Model(str(data["version"]), _scale(data["category"]), _scale(data["classification"]), mix)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise FileError(path, 1, f"this is no model: {type(error).__name__}", REMEDY) from error


def _scale(data: dict[str, Any]) -> Scale:
    labels, bias = tuple(map(str, data["labels"])), tuple(map(float, data["bias"]))
    weights = {
        str(feature): {int(place): float(weight) for place, weight in found.items()}
        for feature, found in data["weights"].items()
    }
    if len(labels) != len(bias) or any(place >= len(labels) for found in weights.values() for place in found):
        raise ValueError("as many biases as labels, and no weight for another")
    return Scale(labels, bias, weights)


def dump_model(model: Model) -> str:
    """The file's text: one feature a line, so that versions can be compared."""
    parts = {
        "version": json.dumps(model.version),
        "language": json.dumps(language().version),
        "mix": json.dumps(asdict(model.mix)),
        "category": _dumped(model.category),
        "classification": _dumped(model.classification),
    }
    return "{\n" + ",\n".join(f'"{name}": {text}' for name, text in parts.items()) + "\n}\n"


def _dumped(scale: Scale) -> str:
    weights = {feature: json.dumps(dict(found)) for feature, found in sorted(scale.weights.items())}
    rows = ",\n".join(f"  {json.dumps(feature, ensure_ascii=False)}: {text}" for feature, text in weights.items())
    labels, bias = json.dumps(scale.labels, ensure_ascii=False), json.dumps(scale.bias)
    return f'{{"labels": {labels},\n "bias": {bias},\n "weights": {{\n{rows}\n }}}}'


def log_sum(values: Iterable[float]) -> float:
    """The logarithm of the sum of what the values are logarithms of."""
    values = list(values)
    most = max(values)
    return most + math.log(sum(math.exp(value - most) for value in values))
