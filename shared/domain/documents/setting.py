"""A document set on paper: PDF, with a QR code of the dossier's page."""

import io
import json

import segno
import typst

from shared.domain.documents.forms import Forms
from shared.domain.documents.values import About, values_of


def set_document(forms: Forms, kind: str, about: About) -> bytes:
    """The document as PDF; of the same dossier at the same instant it is the same bytes.

    :raises FileError: if a template is missing.
    :raises RuntimeError: if a template cannot be set; which line of it is at fault stands in the message.
    """
    data = {**values_of(about), "letterhead": list(forms.letterhead), "place": forms.place}
    files = {**forms.templates(kind), "qr.svg": _qr(about.link)}
    made = typst.compile(  # type: ignore[call-overload] # it takes a template with its files, and does not say so
        files,
        format="pdf",
        # Whatever a template names beside these files it does not get.
        root=str(forms.folders[-1]),
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        ignore_system_fonts=True,
        timestamp=int(about.now.timestamp()),
    )
    if not isinstance(made, bytes):
        raise TypeError("a document became several files")
    return made


def _qr(link: str) -> bytes:
    written = io.BytesIO()
    segno.make(link, micro=False, error="m").save(written, kind="svg", scale=4, border=2)
    return written.getvalue()
