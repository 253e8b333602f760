"""What a document of Word or Excel would do by itself: fields and formulas that fetch something, or have it run.

Source: ECMA-376 part 1, 17.16 (fields), 18.17 (formulas). Read by a parser, since the same field may be written under
another prefix, as CDATA or by numbers of its letters.
"""

import re
from collections.abc import Mapping
from typing import Final
from xml.parsers import expat

_NAMESPACE_END: Final = " "
_INSTRUCTIONS: Final = frozenset({"instrText", "delInstrText"})
_FORMULAS: Final = frozenset({"f", "formula", "formula1", "formula2", "definedName"})
_COLLECTED: Final = _INSTRUCTIONS | _FORMULAS
_MAIL_MERGE: Final = "mailMerge"
_MATH: Final = "http://schemas.openxmlformats.org/officeDocument/2006/math"
"""In which ``f`` is a fraction, and a bar stands around what is taken without its sign."""
_DRAWN: Final = frozenset({"image", "imagedata", "fill", "stroke", "feImage", "use"})
"""Parts of a drawing that may be fetched from elsewhere."""
_ELSEWHERE: Final = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*:|//|\\\\)", re.IGNORECASE)

_FETCHING_FIELD: Final = re.compile(
    r"\s*(?:DATABASE|DDE|DDEAUTO|IMPORT|INCLUDE|INCLUDEPICTURE|INCLUDETEXT|LINK|RD)\b", re.IGNORECASE
)
_SAID: Final = re.compile(r'"[^"]*"')
_NAMED: Final = re.compile(r"'[^']*'!")
"""A sheet's name; elsewhere an apostrophe stands before a sign that would mean something, as in ``T[a'[b]``."""
_FETCHING_FORMULA: Final = re.compile(
    r"\b(?:WEBSERVICE|IMAGE|RTD|CALL|REGISTER(?:\.ID)?|EXEC|DDE)\s*\(|\|", re.IGNORECASE
)
"""By its function; a bar stands between a program and what it is asked for (``cmd|'/c calc'!A0``)."""


class NoXml(Exception):
    """A part that is no XML."""


class _Reader:
    """Collects the instruction of each field, of a field within a field apart, and the text of each formula."""

    def __init__(self) -> None:
        self.fetches = False
        self.parser = expat.ParserCreate(namespace_separator=_NAMESPACE_END)
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._begin
        self.parser.EndElementHandler = self._end
        self._fields: list[str] = []
        self._loose = ""
        self._text = ""
        self._collects = ""

    def _begin(self, name: str, attributes: Mapping[str, str]) -> None:
        namespace, _, local = name.rpartition(_NAMESPACE_END)
        self.fetches |= _names_elsewhere(local, attributes)
        if local in _COLLECTED and not self._collects and namespace != _MATH:
            self._collects, self._text = local, ""
            self.parser.CharacterDataHandler = self._add
        elif local == "fldSimple":
            self._judge_field(_local(attributes, "instr"))
        elif local == "fldChar":
            self._turn(_local(attributes, "fldCharType"))
        elif local == _MAIL_MERGE:
            self.fetches = True

    def _end(self, name: str) -> None:
        if not self._collects or name.rpartition(_NAMESPACE_END)[2] != self._collects:
            return
        if self._collects in _FORMULAS:
            self.fetches |= bool(_FETCHING_FORMULA.search(_NAMED.sub("", _SAID.sub("", self._text))))
        elif self._fields:
            self._fields[-1] += self._text
        else:
            self._loose += self._text
        self._collects = ""
        self.parser.CharacterDataHandler = None

    def _add(self, text: str) -> None:
        self._text += text

    def finish(self) -> None:
        """Judge what no mark has ended."""
        for each in (*self._fields, self._loose):
            self._judge_field(each)

    def _turn(self, mark: str) -> None:
        if mark == "begin":
            # A name that another field makes up is none that could be judged.
            self.fetches |= bool(self._fields) and not self._fields[-1].strip()
            self._fields.append("")
        elif mark == "end" and self._fields:
            self._judge_field(self._fields.pop())

    def _judge_field(self, instruction: str) -> None:
        self.fetches |= bool(_FETCHING_FIELD.match(instruction))


def _names_elsewhere(local: str, attributes: Mapping[str, str]) -> bool:
    """Whether a part of a drawing names what lies outside of the document, or holds a picture of its own."""
    return local in _DRAWN and any(_ELSEWHERE.match(_local(attributes, name)) for name in ("src", "href"))


def _local(attributes: Mapping[str, str], name: str) -> str:
    """An attribute's value, by its name without a prefix."""
    return next((value for key, value in attributes.items() if key.rpartition(_NAMESPACE_END)[2] == name), "")


def fetches(part: str) -> bool:
    """Whether a part has a field or formula that fetches something or runs it, or takes its letters from a database.

    :param part: XML without a DTD.
    :raises NoXml: if it is none.
    """
    reader = _Reader()
    try:
        reader.parser.Parse(part.encode(), True)
    except (expat.ExpatError, ValueError) as error:
        raise NoXml from error
    reader.finish()
    return reader.fetches
