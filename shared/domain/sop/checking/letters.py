"""The templates of letters: names that nothing looks for, and what a template asks for and nobody gives."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final, get_args

from jinja2 import (
    ChoiceLoader,
    DictLoader,
    Environment,
    FileSystemLoader,
    TemplateError,
    TemplateSyntaxError,
    meta,
    nodes,
)
from jinja2.sandbox import SandboxedEnvironment

from shared.domain.dossier.event_name import EventName
from shared.domain.letters import COMMON, PARTS, TALKS, VALUES, must_say, template_names
from shared.domain.sop.checking.finding import ERROR, Finding
from shared.domain.sop.checking.only_words import beyond_words
from shared.domain.sop.checking.suggesting import remedy_for
from shared.domain.sop.model import Sop
from shared.wording.yaml_lines import Document

_SUFFIX: Final = ".txt"
_NO_LETTERS: Final = frozenset({"README.md", ".gitkeep"})
FILES_ONLY: Final[Mapping[str, str]] = MappingProxyType({})
_NAMES: Final = template_names(frozenset(get_args(EventName)))
_SYNTAX: Final = SandboxedEnvironment()


@dataclass(frozen=True)
class _Said:
    """What a template's source speaks of.

    :param names: all names in it.
    :param asked: those that it is to be given, in alphabetical order, each with the line where it first stands.
    :param parts: the templates that it takes in.
    """

    names: frozenset[str]
    asked: tuple[tuple[str, int], ...]
    parts: frozenset[str]


@lru_cache(1024)  # a few parts stand in nearly all letters, and most letters are every government's
def _said_in(source: str) -> _Said:
    """Read a template.

    :raises TemplateSyntaxError: if it is none.
    """
    tree = _SYNTAX.parse(source)
    lines: dict[str, int] = {}
    for each in tree.find_all(nodes.Name):
        lines.setdefault(each.name, each.lineno)
    asked = tuple((name, lines.get(name, 1)) for name in sorted(meta.find_undeclared_variables(tree)))
    parts = frozenset(str(part) for part in meta.find_referenced_templates(tree) if part)
    return _Said(frozenset(lines), asked, parts)


def letters(folder: Path, sop: Sop, procedure: Document, edited: Mapping[str, str] = FILES_ONLY) -> Iterator[Finding]:
    """Everything wrong with a government's own templates, with the common ones, and with those that rules name.

    :param folder: the government's.
    :param procedure: the file of the SOP.
    :param edited: what counts instead of files, by the template's name; it may be made of words only.
    """
    places = (folder / "messages", folder.parent / COMMON)
    files = FileSystemLoader(places)
    env = SandboxedEnvironment(loader=ChoiceLoader([DictLoader(edited), files]) if edited else files)
    yield from _programs(env, edited)
    there = {name for name in env.list_templates() if name.endswith(_SUFFIX)}
    own = {name: rule.template for rule in sop.notify if (name := rule.template)}
    for index, rule in enumerate(sop.notify):
        if rule.template is None:
            continue
        audiences = {"reporter" if told == "reporter" else "officer" for told in rule.tell}
        for audience in sorted(audiences):
            if f"{audience}/{rule.template}{_SUFFIX}" not in there:
                stems = {Path(name).stem for name in there if name.startswith(f"{audience}/")}
                message = f"there is no template {rule.template!r} for the {audience}"
                place = ("notify", index, "template")
                line = procedure.line_of(place)
                remedy = remedy_for(rule.template, stems)
                yield Finding(ERROR, "unknown_template", message, remedy, place, str(procedure.file), line)
    used: set[str] = set()
    for name in sorted(there):
        audience, _, rest = name.partition("/")
        if audience in VALUES and rest.removesuffix(_SUFFIX) in _NAMES | own.keys():
            yield from _asked(env, name, VALUES[audience], used)
    yield from _unused(places[0], used, frozenset(_NAMES | own.keys()))


def _asked(env: Environment, name: str, known: frozenset[str], used: set[str]) -> Iterator[Finding]:
    """What a template and its parts ask for."""
    waiting, seen = [name], {name}
    said: set[str] = set()
    while waiting:
        each = waiting.pop()
        used.add(each)
        try:
            source, path, _ = env.loader.get_source(env, each) if env.loader else ("", None, None)
            found = _said_in(source)
        except TemplateSyntaxError as error:
            yield Finding(
                ERROR, "template", str(error.message), "correct the template", (), _file(env, each), error.lineno
            )
            continue
        except UnicodeDecodeError:
            remedy = "save it again in the encoding UTF-8"
            yield _of_file(_file(env, each), "template", "the file is not UTF-8 text", remedy, 0)
            continue
        except TemplateError:
            yield Finding(
                ERROR,
                "template",
                f"there is no part {each!r}",
                "put it back, or name another",
                (),
                _file(env, name),
                1,
            )
            continue
        said |= found.names
        for asked, line in found.asked:
            if asked not in known:
                message = f"{each} asks for {asked!r}, which a letter of {name.partition('/')[0]} has not"
                yield _of_file(str(path or each), "unknown_value", message, remedy_for(asked, known), line)
        more = found.parts - seen
        seen |= more
        waiting += sorted(more)
    audience, _, rest = name.partition("/")
    for unsaid in sorted(must_say(audience, rest.removesuffix(_SUFFIX)) - said):
        message = f"{name} does not say {unsaid!r}, which its reader waits for"
        yield _of_file(_file(env, name), "unsaid", message, f"write {{{{ {unsaid} }}}} where it belongs")


def _programs(env: Environment, edited: Mapping[str, str]) -> Iterator[Finding]:
    """What was edited in the browser and is more than words, or a part of itself."""
    for name, source in sorted(edited.items()):
        try:
            tree = env.parse(source)
        except TemplateSyntaxError as error:
            yield Finding(ERROR, "template", str(error.message), "correct the template", (), name, error.lineno)
            continue
        for line, what in beyond_words(tree):
            yield _of_file(name, "more_than_words", f"{name} has {what!r}, which no letter needs", "take it out", line)
        if name in _within(env, name):
            yield _of_file(name, "part_of_itself", f"{name} is a part of itself", "take the part out")


def _within(env: Environment, name: str) -> set[str]:
    """The parts of a template, and theirs."""
    waiting, found = [name], set[str]()
    while waiting:
        try:
            source = env.loader.get_source(env, waiting.pop())[0] if env.loader else ""
            more = _said_in(source).parts - found
        except (TemplateError, UnicodeDecodeError):
            continue  # told where it is asked for
        found |= more
        waiting += sorted(more)
    return found


def _of_file(file: str, code: str, message: str, remedy: str, line: int = 1) -> Finding:
    return Finding(ERROR, code, message, remedy, (), file, line)


def _file(env: Environment, name: str) -> str:
    """Where a template lies; its name alone where it was edited in the browser."""
    loaders = env.loader.loaders if isinstance(env.loader, ChoiceLoader) else [env.loader]
    if any(isinstance(each, DictLoader) and name in each.mapping for each in loaders):
        return name
    places = [place for each in loaders if isinstance(each, FileSystemLoader) for place in each.searchpath]
    return next((str(Path(place) / name) for place in places if (Path(place) / name).is_file()), name)


def _unused(place: Path, used: set[str], names: frozenset[str]) -> Iterator[Finding]:
    """A government's own files that no letter is worded by: mistyped, since ours goes out instead."""
    if not place.is_dir():
        return
    for file in sorted(place.rglob("*")):
        name = file.relative_to(place).as_posix()
        if not file.is_file() or name in used or file.name in _NO_LETTERS or name in TALKS.values():
            continue
        known = {f"{audience}/{each}{_SUFFIX}" for audience in VALUES for each in names} | {
            each for each in used if each.startswith(f"{PARTS}/")
        }
        yield Finding(
            ERROR, "unknown_template", f"no letter is worded by {name!r}", remedy_for(name, known), (), str(file), 1
        )
