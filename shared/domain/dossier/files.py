"""Photos and documents that belong to a step."""

from dataclasses import dataclass
from typing import Final, Literal, get_args
from uuid import UUID

from shared.domain.dossier.event import DossierEvent

FileKind = Literal[
    "photo",
    "document",
    "documentation",
    "nota_dinas",
    "disposition_sheet",
    "answer_letter",
    "receipt",
    "recording",
]
FILE_KINDS: Final[tuple[FileKind, ...]] = get_args(FileKind)
"""What a file is to the procedure; from ``nota_dinas`` to ``receipt`` the system can make them from its own templates.

No recording is a photo or a letter, whoever calls it so: where a step asks for those, somebody has to see them."""


@dataclass(frozen=True, kw_only=True)
class FileAdded(DossierEvent):
    """A file was added to the dossier; its bytes lie sealed with the dossier's key outside the log.

    Sealed: name, and of a picture its look (:mod:`shared.domain.files.looks`).

    :param file: its id.
    :param media_type: by its content, never by its name.
    :param size: bytes as received, metadata stripped.
    :param sha256: of those bytes, as hexadecimal digits.
    :param number: the number of a document that the system made, by the tenant's pattern.
    """

    file: UUID
    kind: FileKind
    media_type: str
    size: int
    sha256: str
    number: str | None = None
