"""What is said, in words: texts that an administrator edits, in the common folder or in the government's own."""

import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from shared.channels import gsm
from shared.channels.carrier import Choice, Words
from shared.channels.talk.state import Language
from shared.channels.talk.world import Say
from shared.domain.letters import TALKS
from shared.wording.yaml_lines import Document, FileError, load_yaml

FILES: Final[Mapping[Language, str]] = TALKS
FILE: Final = FILES["id"]
COMMON: Final = "_messages"
RETIRED: Final = frozenset({"words_too"})
"""Texts of versions before, which nothing says any more: a government that had its own still starts."""

_MOST_TITLE: Final = 20
_GROUPS: Final = ("choices", "parts", "statuses_of")
_ASKING_FOR_A_NUMBER: Final = ("ask_phone", "call_number")
_EVERYWHERE: Final = frozenset({"government", "portal", "link", "takes"})
_VALUES: Final = frozenset(
    {"text", "files", "name", "address", "ticket", "code", "due", "why", "status", "list", "salam", *_EVERYWHERE}
)


@dataclass(frozen=True)
class Phrases:
    """The texts of a government's conversations.

    :param texts: the long and the short form, by key.
    :param others: titles of choices, parts of sentences, names of statuses, each by key.
    """

    texts: Mapping[str, tuple[str, str]]
    others: Mapping[str, Mapping[str, str]]

    def status(self, status: str) -> str:
        """A status in the words of citizens."""
        return self.others["statuses_of"].get(status, status)

    def worded(self, say: Say, common: Mapping[str, str], *, short: bool, pressed: int) -> Words:
        """What is said, in words.

        :param common: values that every text may have: ``government``, ``portal``, ``link``, and ``takes``, as
            :meth:`takes` says it.
        :param short: whether it goes by SMS.
        :param pressed: how many choices can be pressed; numbered within the text where they cannot.
        """
        values = {**dict.fromkeys(_VALUES, ""), **common, **say.values}
        values["files"] = self._part("files", values) if say.key == "draft" else values["files"]
        values["due"] = self._part("due", values)
        values["salam"] = self._part("salam", values)
        long, brief = self.texts[say.key]
        if short and values["list"]:
            values["list"] = _listed(brief, values)
        text = (brief if short else long).format_map(values).strip()
        choices = tuple(Choice(each.id, self._title(each.title)) for each in say.choices)
        if choices and len(choices) > pressed:
            numbered = [f"{place} = {each.title}" for place, each in enumerate(choices, 1)]
            text = _fitting(text, numbered) if short else "\n".join([text, *numbered])
        if short:
            text = gsm.plain(text)
        place = self.others["choices"].get("send_place", "") if say.key == "ask_location" else ""
        number = self.others["choices"].get("send_number", "") if say.key in _ASKING_FOR_A_NUMBER else ""
        return Words(text=text, choices=choices if len(choices) <= pressed else (), place=place, number=number)

    def fields(self, names: Sequence[str]) -> str:
        """Fields of a complaint, as people call them, in one line.

        :param names: dotted, as a procedure requires them.
        """
        return ", ".join(dict.fromkeys(self._field(name) for name in names))

    def takes(self, limits: Mapping[str, int]) -> str:
        """Which files are taken, in words.

        :param limits: bytes that one may have, by its sort; pictures and documents have the same.
        """
        told = [sort for sort in ("picture", "audio", "video") if sort in limits]
        megabytes = {sort: max(limits[sort] // 1024 // 1024, 1) for sort in told}
        return ", ".join(self.others["parts"][f"takes_{sort}"].format(most=megabytes[sort]) for sort in told)

    def _field(self, name: str) -> str:
        root, _, last = name.rpartition(".")
        asked, parts = self.others["choices"], self.others["parts"]
        return asked.get(f"field_{last}") or asked.get(f"field_{root}") or parts.get(name, name)

    def _part(self, name: str, values: Mapping[str, str]) -> str:
        return self.others["parts"][name].format_map(values) if values[name] else ""

    def _title(self, title: str) -> str:
        return self.others["choices"][title[1:]] if title.startswith(":") else title


def _listed(text: str, values: Mapping[str, str]) -> str:
    """As many lines of a list as one SMS holds, the first at least, and how many more there are.

    :param text: in which they stand.
    """
    lines = values["list"].splitlines()
    for count in range(len(lines), 0, -1):
        said = "\n".join([*lines[:count], *([f"+{len(lines) - count}"] if count < len(lines) else [])])
        if gsm.parts(gsm.plain(text.format_map({**values, "list": said}).strip())) == 1:
            break
    return said


def _fitting(text: str, numbered: Sequence[str]) -> str:
    """A text with as many of its choices as one SMS holds: who knows the others may write them."""
    whole = text
    for place, each in enumerate(numbered):
        longer = f"{whole}{', ' if place else ' '}{each}"
        if place > 1 and gsm.parts(gsm.plain(longer)) > 1:
            break
        whole = longer
    return whole


def phrases(tenants_dir: Path, messages: Path, language: Language = "id") -> Phrases:
    """The texts of a government: its own, and the common ones where it has none.

    :param tenants_dir: where the common folder is.
    :param messages: the government's own folder, which need not exist.
    :param language: of the texts.
    :raises FileError: if a text is missing, is unknown, or names a value that there is not.
    """
    own = messages / FILES[language]
    common = (tenants_dir / COMMON).resolve()  # read once, whatever folders it is linked into
    return _phrases(common / FILES[language], own if own.exists() else None)


@cache
def _phrases(common: Path, own: Path | None) -> Phrases:
    texts, others = _read(load_yaml(common), None)
    if own is not None:
        more, more_others = _read(load_yaml(own), Phrases(texts, others))
        texts = {**texts, **more}
        others = {group: {**others[group], **more_others[group]} for group in _GROUPS}
    return Phrases(texts, others)


def _read(document: Document, known: Phrases | None) -> tuple[dict[str, tuple[str, str]], dict[str, dict[str, str]]]:
    data: Any = {} if document.data is None else document.data
    if not isinstance(data, Mapping):
        raise document.error((), "the file must consist of texts (name: {text: ...})", "begin with the name of a text")
    found: list[FileError] = []
    texts: dict[str, tuple[str, str]] = {}
    for key, said in data.items():
        if key in _GROUPS or key in RETIRED:
            continue
        if known is not None and key not in known.texts:
            found.append(document.error((key,), f"no such text: {key}", "correct its name, or remove it"))
        elif not isinstance(said, Mapping) or not isinstance(said.get("text"), str) or set(said) - {"text", "short"}:
            found.append(document.error((key,), f"{key} says nothing", "write {text: ...}, and short: ... for SMS"))
        else:
            texts[key] = (said["text"], str(said.get("short") or said["text"]))
            found += [_placeholder(document, (key,), each) for each in dict.fromkeys(texts[key]) if not _fits(each)]
    others = {}
    for group in _GROUPS:
        others[group], wrong = _group(document, group, data.get(group), None if known is None else known.others[group])
        found += wrong
    for key, title in others["choices"].items():
        if len(title) > _MOST_TITLE:
            remedy = f"write at most {_MOST_TITLE} letters: providers take no more"
            found.append(document.error(("choices", key), f"{title!r} is too long for a button", remedy))
    if found:
        raise FileError.of(found)
    return texts, others


def _group(
    document: Document, group: str, said: object, known: Mapping[str, str] | None
) -> tuple[dict[str, str], list[FileError]]:
    """The short texts of a group, and what is wrong with them.

    :param known: those that there are; any where none are given.
    """
    if said is None:
        return {}, []
    if not isinstance(said, Mapping):
        return {}, [document.error((group,), f"{group} must consist of words (name: words)", "write them so")]
    found: list[FileError] = []
    for key, words in said.items():
        if known is not None and key not in known:
            found.append(document.error((group, key), f"no such text: {key}", "correct its name, or remove it"))
        elif not isinstance(words, str):
            found.append(document.error((group, key), f"{key} says nothing", "write words"))
        elif group == "parts" and not _fits(words, _VALUES | {"most"}):
            found.append(_placeholder(document, (group, key), words))
    return {str(key): str(words) for key, words in said.items()}, found


def _fits(text: str, values: frozenset[str] = _VALUES) -> bool:
    try:
        return all(name is None or name in values for _, name, _, _ in string.Formatter().parse(text))
    except ValueError:
        return False


def _placeholder(document: Document, place: tuple[str, ...], text: str) -> FileError:
    remedy = f"values are {', '.join(sorted(_VALUES))}; write {{{{ for a brace"
    return document.error(place, f"{place[-1]} names a value that there is not: {text[:60]!r}", remedy)
