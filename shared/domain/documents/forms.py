"""How a government heads and numbers its documents, and by which templates it sets them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from marshmallow import Schema, fields, post_load

from shared.domain.tenants import Tenant
from shared.wording.yaml_lines import FileError, load_yaml
from shared.wording.yaml_schema import load_with

KINDS: Final = ("nota_dinas", "disposition_sheet", "answer_letter", "receipt")
TITLES: Final = {
    "nota_dinas": "Nota dinas",
    "disposition_sheet": "Lembar disposisi",
    "answer_letter": "Surat jawaban",
    "receipt": "Tanda terima",
}
"""What can be made; also kinds of files, see :data:`shared.domain.dossier.files.FILE_KINDS`."""

COMMON: Final = "_documents"
_LETTER: Final = "letter.typ"
_SETTINGS: Final = "documents.yaml"
_ROMAN: Final = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


@dataclass(frozen=True)
class Forms:
    """A government's documents.

    :param letterhead: the lines above every document, after the government's name.
    :param place: where it is signed.
    :param numbers: the pattern of each kind's number.
    :param folders: where templates are looked for, in this order.
    """

    letterhead: tuple[str, ...]
    place: str | None
    numbers: Mapping[str, str]
    folders: tuple[Path, ...]

    def number(self, kind: str, ticket: str, agency: str | None, sequence: int, at: datetime) -> str:
        """The number of a document.

        :param sequence: of that kind in its dossier, from 1.
        :param at: in the government's own zone.
        """
        return self.numbers[kind].format(
            sequence=sequence, ticket=ticket, agency=(agency or "-").upper(), month=_ROMAN[at.month - 1], year=at.year
        )

    def templates(self, kind: str) -> dict[str, bytes]:
        """The template of a kind, as ``main``, and what it imports.

        :raises FileError: if one of them is nowhere.
        """
        return {"main": self._read(f"{kind}.typ"), _LETTER: self._read(_LETTER)}

    def _read(self, name: str) -> bytes:
        for folder in self.folders:
            if (folder / name).is_file():
                return (folder / name).read_bytes()
        raise FileError(self.folders[-1] / name, 0, "this template is missing", "put it back, or into the government's")


class _FormsSchema(Schema):
    letterhead = fields.List(fields.String(), load_default=())
    place = fields.String(load_default=None, allow_none=True)
    numbers = fields.Dict(keys=fields.String(), values=fields.String(), load_default=dict)

    @post_load
    def made(self, data: dict[str, Any], **_options: Any) -> dict[str, Any]:
        """As it is."""
        return data


def forms_of(tenant: Tenant) -> Forms:
    """A government's documents: its own settings and templates, and the common ones for what it leaves out.

    :raises FileError: if a file is wrong, or a number's pattern names what there is not.
    """
    folders = (tenant.directory / "documents", tenant.directory.parent / COMMON)
    said: list[dict[str, Any]] = []
    for folder in folders:
        path = folder / _SETTINGS
        if path.is_file():
            document = load_yaml(path)
            said.append({**load_with(document, _FormsSchema()), "path": path})
    numbers = {kind: each for each in reversed(said) for kind in KINDS if (each["numbers"].get(kind))}
    forms = Forms(
        letterhead=tuple(next((each["letterhead"] for each in said if each["letterhead"]), ())),
        place=next((each["place"] for each in said if each["place"]), None),
        numbers={kind: numbers[kind]["numbers"][kind] for kind in KINDS if kind in numbers},
        folders=folders,
    )
    for kind in KINDS:
        _check(forms, kind, numbers.get(kind, {}).get("path", folders[-1] / _SETTINGS))
    return forms


def _check(forms: Forms, kind: str, path: Path) -> None:
    try:
        forms.number(kind, "T-1", None, 1, datetime(2026, 1, 1))  # noqa: DTZ001 - only the pattern is tried
    except (KeyError, IndexError, ValueError):
        remedy = "use {sequence}, {ticket}, {agency}, {month} and {year}"
        raise FileError(path, 1, f"the number of {kind} is missing or cannot be made", remedy) from None
