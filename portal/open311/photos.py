"""The photos that come with a post, and what is said of those that are not taken."""

from collections.abc import Mapping
from typing import Any, Final

from flask import request
from werkzeug.datastructures import FileStorage

from portal.api.files import add_file
from portal.open311.faults import sentences
from portal.pages.frame.language import gettext_in
from portal.parts import parts
from portal.problems import language
from shared.base.errors import AduanError, Unavailable

MOST_FILES: Final = 5
_LONGEST_NAME: Final = 100


def most_bytes() -> int:
    """How much all the files of a post may be."""
    return parts().runtime.settings.file_most_bytes * MOST_FILES


def sent() -> list[FileStorage]:
    """The files of this request, as many as are taken."""
    return _named()[:MOST_FILES]


def too_many() -> list[str]:
    """A sentence where this request has more files than are taken; else none."""
    beyond = len(_named()) - MOST_FILES
    if beyond <= 0:
        return []
    told = gettext_in(
        language(),
        "Berkas yang tidak diambil: %(beyond)d, karena paling banyak %(most)d.",
        beyond=beyond,
        most=MOST_FILES,
    )
    return [told]


def add_photos(tenant: str, receipt: Mapping[str, Any]) -> list[str]:
    """Add the files of this request to the complaint that came with them.

    :param receipt: with its ``ticket`` and ``tracking_code``.
    :returns: a sentence for each that was not taken: the complaint is filed all the same.
    :raises Unavailable: if one cannot be added now.
    """
    whose = {"ticket": receipt["ticket"], "code": receipt["tracking_code"]}
    refused = []
    for each in sent():
        try:
            add_file("intake", tenant, whose, each, "photo")
        except Unavailable:
            raise
        except AduanError as why:
            name = (each.filename or "")[:_LONGEST_NAME]
            said = " ".join(sentences(why))
            refused.append(gettext_in(language(), "Berkas %(name)s tidak diambil. %(why)s", name=name, why=said))
    return refused


def _named() -> list[FileStorage]:
    return [each for alike in request.files.listvalues() for each in alike if each.filename]
