"""Reads an SOP file. What is wrong with it is told with file, line and remedy, all of it at once."""

from dataclasses import dataclass, replace
from dataclasses import fields as fields_of
from functools import lru_cache
from pathlib import Path
from typing import Any

from shared.domain.classifying.model import load_model
from shared.domain.sop.model import Classification, KeywordRule, Sop
from shared.domain.sop.reading.references import misfits
from shared.domain.sop.reading.schema import KeywordsSchema
from shared.domain.sop.reading.sop_schema import SopSchema
from shared.domain.sop.reading.switching_off import switched_off
from shared.domain.sop.reading.tellings import with_tellings
from shared.domain.sop.vocabulary import ComplaintClass
from shared.wording.yaml_lines import Document, FileError, load_yaml, parse_yaml, read_text
from shared.wording.yaml_schema import load_with


def load_sop(path: Path | str, tenant: str) -> Sop:
    """Read ``sop.yaml`` or one of its older versions.

    :param tenant: whose it is.
    :raises FileError: naming file, line and remedy of the first error, the others attached.
    """
    return sop_of(load_yaml(path), tenant)


def parse_sop(text: str, tenant: str, file: Path | str = "sop.yaml") -> Sop:
    """As :func:`load_sop`, from a text; ``file`` is only named in errors."""
    return sop_of(parse_yaml(text, file), tenant)


def sop_of(document: Document, tenant: str) -> Sop:
    """The SOP that a parsed file describes, without the additions that it switches off.

    :raises FileError: as :func:`load_sop`.
    """
    return read_sop(switched_off(document), tenant)


def read_sop(document: Document, tenant: str) -> Sop:
    """The SOP of a file whose additions have been switched off already.

    :raises FileError: as :func:`load_sop`.
    """
    data: dict[str, Any] = load_with(document, SopSchema())
    known = {item.name for item in fields_of(Sop)}
    values: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in data.items() if key in known
    }
    values["classification"] = _with_shared_rules(values["classification"], document)
    sop = Sop(tenant=tenant, **values)
    found = [document.error(misfit.path, misfit.message, misfit.remedy) for misfit in misfits(sop)]
    if found:
        raise FileError.of(found)
    return with_tellings(sop)


def _with_shared_rules(classification: Classification, document: Document) -> Classification:
    if classification.rules_from is None:
        return classification
    path = document.file.parent / classification.rules_from
    if not _is_file(path):
        where = ("classification", "rules_from")
        raise document.error(where, f"there is no file {classification.rules_from!r}", "name it relative to this file")
    shared = load_classification(path)
    return replace(classification, rules=(*classification.rules, *shared.rules), model=shared.model)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name that no file can have
        return False


def load_classification(path: Path, default: ComplaintClass | None = None) -> Classification:
    """The classification that a file of shared rules makes by itself, with its model.

    :param default: the class where no word speaks.
    :raises FileError: if the file or its model is wrong.
    """
    keywords = load_keywords(path)
    model = load_model(keywords.model) if keywords.model is not None else None
    return Classification(rules=keywords.rules, default_classification=default, model=model)


@dataclass(frozen=True)
class Keywords:
    """A file of rules that several SOPs share.

    :param model: the file of the model that was learned beside them; there need not be one yet.
    """

    rules: tuple[KeywordRule, ...]
    model: Path | None


def load_keywords(path: Path) -> Keywords:
    """Read a file of rules, but not its model.

    :raises FileError: if it is wrong.
    """
    return _keywords_in(read_text(path), path)


@lru_cache(4)  # all governments of an installation share one file
def _keywords_in(text: str, path: Path) -> Keywords:
    data = load_with(parse_yaml(text, path), KeywordsSchema())
    return Keywords(tuple(data["rules"]), path.parent / data["model"] if "model" in data else None)
