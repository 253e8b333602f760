"""Forms of pages: fields with dots in their names become the documents that the API takes, errors become sentences."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from flask import request
from werkzeug.datastructures import MultiDict

from portal.arguments import once_each
from portal.gateway import OUTCOME_UNKNOWN
from portal.pages.frame import saying
from portal.pages.frame.language import gettext as _
from portal.pages.frame.language import language
from shared.base.errors import AduanError, Invalid, NotFound
from shared.base.shape import check_shape
from shared.base.whole_numbers import whole_number
from shared.wording.catalogue import catalogue
from shared.wording.coded_schema import CodedSchema, Written
from shared.wording.faults import told_of

KEY: Final = "kiriman"
"""The hidden field by which a form that is sent twice is carried out once."""
DEED: Final = "deed"
"""The name of the buttons of a form that can do several things."""
TRIED_TOO_OFTEN: Final = "too_many_attempts"
"""The error of whoever logs in, types codes or files too often."""
TOO_LARGE: Final = "too_large"
"""The error of a form that is not even read."""
REUSED: Final = "key_reused"
"""The error of a form that was sent before, and says something else now."""
FILES: Final = "photos"
"""The field of a form that takes several files."""
SEVERAL: Final = frozenset({"pilih", "ids", "agencies"})
"""The names of boxes of which several may be ticked."""

_MEGABYTE: Final = 1024 * 1024


class Reason(CodedSchema):
    """Why something is changed."""

    why = Written(most=200, required=True)


@dataclass(frozen=True)
class Filled:
    """A form as it was typed.

    :param values: by the field's name, e.g. ``reporter.name``.
    :param faults: sentences by the field's name.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)

    def value(self, name: str) -> str:
        """What was typed; empty if nothing was."""
        return self.values.get(name, "")

    def fault(self, name: str) -> str | None:
        """What is wrong with a field."""
        return self.faults.get(name)

    def with_faults(self, faults: Mapping[str, str]) -> "Filled":
        """The same form, with what is wrong."""
        return Filled(self.values, faults)


def check_said_once() -> None:
    """Refuse a form in which a field or a file stands twice, whoever reads it: which was meant, nobody knows.

    :raises Invalid: naming it.
    """
    once_each(request.form, SEVERAL)
    once_each(MultiDict((name, "") for name, _ in request.files.items(multi=True)), (FILES,))


def files_sent() -> bool:
    """Whether this request's form has a file in it: a box in which none was chosen is sent as well, with no name."""
    return any(each.filename for _, each in request.files.items(multi=True))


def typed(names: Iterable[str]) -> Filled:
    """The named fields of this request's form, as they were typed."""
    # A browser sends line ends as two signs; a text has them as one.
    return Filled({name: request.form.get(name, "").replace("\r\n", "\n") for name in names})


def deed_of(among: Collection[str]) -> str:
    """What the form asks to have done, by the button that was pressed.

    :param among: what the page can do.
    :raises NotFound: if it asks for none of that: then nothing is done, and not something else instead.
    """
    deed = request.form.get(DEED, "")
    if deed not in among:
        raise NotFound("no_such_page")
    return deed


def version_given(name: str) -> int:
    """The version that a form's field names; where it names none, one that nothing ever has, so that nothing fits it.

    :param name: the field's.
    """
    return version_of(request.form.get(name, ""))


def version_of(told: str) -> int:
    """Likewise of a text."""
    found = whole_number(told)
    return -2 if found is None else found


def nested(filled: Filled, names: Iterable[str]) -> dict[str, Any]:
    """The document that a form describes, without what was left empty.

    :raises Invalid: if a field is said to be a text and to hold others, or they lie deeper than in any form of ours.
    """
    document: dict[str, Any] = {}
    for name in names:
        value = filled.value(name)
        if not value.strip():
            continue
        *above, last = name.split(".")
        place = document
        for part in above:
            place = place.setdefault(part, {})
            if not isinstance(place, dict):
                raise Invalid("invalid_fields", fields={part: ["not_an_object"]})
        place[last] = value
    check_shape(document)
    return document


def faults_of(error: Invalid, names: Mapping[str, str] | None = None) -> dict[str, str]:
    """One sentence for each field at fault.

    :param names: what a field of the document is called in the form, where that differs.
    """
    if error.code == REUSED:
        return {KEY: sentence_of(error)}
    few = AduanError(error.code, error.params, told_of(error.fields))
    sentences = catalogue().field_sentences(few, language())
    return {(names or {}).get(name, name): told[0] for name, told in sentences.items() if told}


def sentence_of(error: AduanError) -> str:
    """What is told of an error, in the language of the page: whoever reads pages knows no headers."""
    if error.code == OUTCOME_UNKNOWN:
        return _("Belum ada kabar apakah ini sudah tercatat. Kirim lagi: apa pun yang terjadi, dicatat satu kali saja.")
    if error.code == REUSED:
        return _("Formulir ini sudah terkirim dengan isi lain. Bila isi yang sekarang harus ikut, kirim sekali lagi.")
    if error.code == TOO_LARGE:
        most = saying.number(int(str(error.params["most"])) // _MEGABYTE)
        return _(
            "Kiriman ini lebih besar dari %(n)s MB. Kembali ke halaman sebelumnya, pilih berkas yang lebih kecil atau "
            "lebih sedikit, lalu kirim lagi.",
            n=most,
        )
    if error.code == TRIED_TOO_OFTEN:
        return _("Terlalu banyak percobaan. Coba lagi dalam %(length)s.", length=wait_words(error))
    return catalogue().sentence(error, language())


def wait_words(error: AduanError) -> str:
    """How long somebody is to wait who has tried too often, in whole minutes."""
    return saying.lateness(int(str(error.params.get("seconds", 60))))
