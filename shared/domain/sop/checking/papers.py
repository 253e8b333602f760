"""The templates of documents: every kind is set once, so that none fails in front of an officer."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from shared.domain.documents.forms import KINDS, forms_of
from shared.domain.documents.sample import SAMPLE
from shared.domain.documents.setting import set_values
from shared.domain.sop.checking.finding import ERROR, Finding
from shared.domain.sop.checking.suggesting import remedy_for
from shared.domain.tenants import Tenant
from shared.wording.yaml_lines import load_yaml

_OTHERS = ("letter.typ", "documents.yaml", "README.md")


def papers(tenant: Tenant) -> Iterator[Finding]:
    """Every kind of document that cannot be made, and every file for none of them.

    :raises FileError: if a file of their settings is wrong, or a template is missing.
    """
    forms = forms_of(tenant)
    own, *_ = forms.folders
    for kind in KINDS:
        templates = forms.templates(kind)
        said = _fault(tuple(sorted(templates.items())), forms.letterhead, forms.place, str(forms.folders[-1]))
        if said is not None:
            file = next((folder / f"{kind}.typ" for folder in forms.folders if (folder / f"{kind}.typ").is_file()), own)
            message = f"the document {kind!r} cannot be made: {said}"
            yield Finding(ERROR, "document", message, "correct the template", (), str(file), 1)
    known = {*(f"{kind}.typ" for kind in KINDS), *_OTHERS}
    for file in sorted(own.glob("*")):
        if file.suffix in (".typ", ".yaml", ".yml") and file.name not in known:
            message = f"no document is made by {file.name!r}"
            yield Finding(ERROR, "unknown_document", message, remedy_for(file.name, known), (), str(file), 1)
    for settings in (folder / "documents.yaml" for folder in forms.folders):
        yield from _numbers(settings)


def _numbers(settings: Path) -> Iterator[Finding]:
    if not settings.is_file():
        return
    document = load_yaml(settings)
    given = document.data.get("numbers") if isinstance(document.data, dict) else None
    for kind in given or {}:
        if kind not in KINDS:
            place = ("numbers", str(kind))
            message = f"there is no document {kind!r} to be numbered"
            line = document.line_of(place)
            yield Finding(ERROR, "unknown_document", message, remedy_for(str(kind), KINDS), place, str(settings), line)


@lru_cache(maxsize=256)
def _fault(
    templates: tuple[tuple[str, bytes], ...], letterhead: tuple[str, ...], place: str | None, root: str
) -> str | None:
    """Why a document cannot be set; none if it can. The same templates are tried once."""
    values = {**SAMPLE, "letterhead": list(letterhead), "place": place}
    try:
        set_values(dict(templates), values, str(SAMPLE["link"]), root, datetime(2026, 10, 5, tzinfo=UTC))
    except (RuntimeError, TypeError) as error:
        return " ".join(str(error).split())[:300]
    return None
