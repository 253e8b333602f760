"""A document set on paper: PDF, with a QR code of the dossier's page."""

import io
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import segno
import typst

from shared.domain.documents.forms import Forms
from shared.domain.documents.values import About, values_of


def set_document(forms: Forms, kind: str, about: About) -> bytes:
    """The document as PDF; of the same dossier at the same instant it is the same bytes.

    :raises FileError: if a template is missing.
    :raises RuntimeError: if a template cannot be set; which line of it is at fault stands in the message.
    """
    values = {**values_of(about), "letterhead": list(forms.letterhead), "place": forms.place}
    return set_values(forms.templates(kind), values, about.link, str(forms.folders[-1]), about.now)


def set_values(templates: Mapping[str, bytes], values: Mapping[str, Any], link: str, root: str, at: datetime) -> bytes:
    """What templates make of values.

    :param templates: as :meth:`Forms.templates` gives them.
    :param link: what the QR code leads to.
    :param root: beyond which nothing is read.
    :param at: when it is made.
    :raises RuntimeError: as :func:`set_document`.
    """
    files = {**templates, "qr.svg": _qr(link)}
    made = typst.compile(  # type: ignore[call-overload] # it takes a template with its files, and does not say so
        files,
        format="pdf",
        # Whatever a template names beside these files it does not get.
        root=root,
        sys_inputs={"data": json.dumps(values, ensure_ascii=False)},
        ignore_system_fonts=True,
        timestamp=int(at.timestamp()),
    )
    if not isinstance(made, bytes):
        raise TypeError("a document became several files")
    return made


def _qr(link: str) -> bytes:
    written = io.BytesIO()
    segno.make(link, micro=False, error="m").save(written, kind="svg", scale=4, border=2)
    return written.getvalue()
