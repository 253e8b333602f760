"""The messages' texts: templates that an administrator edits, in the common folder or in the government's own.

A template is looked for as ``<audience>/<name>.txt``, first in ``tenants/<tenant>/messages``, then in
``tenants/_messages``; a message that has none of its own gets ``<audience>/event.txt``. Its first line is the subject.
What was edited in the browser counts instead of the file of its name.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from textwrap import fill
from typing import Any, Final

from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    DictLoader,
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateNotFound,
    select_autoescape,
)
from jinja2.sandbox import SandboxedEnvironment

from shared.domain.letters import COMMON, FALLBACK

_WIDTH = 76
_LOOK_SECONDS: Final = 1.0
"""How often a template's file is looked at, whether it was edited: for each letter that took a tenth of its time."""
_LAID_OUT = re.compile(r"\s+|- |--|[^.]{1,20}?\s*: ")
"""Begins a line that stays by itself: indented, of a list, or a name with its value."""

_PART: Final = re.compile(r'^\{% include "([^"]+)" %\}\n', re.MULTILINE)
_OF_ITS_OWN: Final = re.compile(r"\{%[-+]?\s*(?:set|macro|block|extends|import|from|call|raw)\b|\{#")
"""What means something else in the middle of a text than in a part, or hides it."""
_DEEP: Final = 5

Edited = tuple[tuple[str, str], ...]
"""The texts that count instead of files, by the template's name, e.g. ``reporter/closed.txt``."""


@dataclass(frozen=True)
class LetterText:
    """A message, worded."""

    subject: str
    body: str


def worded(
    tenants_dir: Path, messages: Path, audience: str, name: str, values: dict[str, Any], edited: Edited = ()
) -> LetterText:
    """A message's subject and body.

    :param tenants_dir: where the common folder is.
    :param messages: the government's own folder, which need not exist.
    :param audience: ``reporter`` or ``officer``.
    :param name: the template's name.
    :param values: what it may say; a template that asks for anything else fails.
    :param edited: what counts instead of files.
    :raises jinja2.TemplateError: if the template is wrong.
    """
    environment = _environment(_folders(tenants_dir, messages), edited)
    try:
        template = environment.select_template([f"{audience}/{name}.txt", f"{audience}/{FALLBACK}.txt"])
        subject, _, body = template.render(values).strip().partition("\n")
    except Exception:
        if environment.cache is not None:
            environment.cache.clear()  # who mends it need not wait for the next look
        raise
    return LetterText(" ".join(subject.split()), _tidy(body))


@lru_cache(1024)  # to join a path takes as long as half a letter's sentences
def _folders(tenants_dir: Path, messages: Path) -> tuple[Path, Path]:
    return messages, tenants_dir / COMMON


class _SeldomLooking(FileSystemLoader):
    """Templates whose files are looked at now and then, not for each letter and each part of it."""

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        """The text, its file's name, and what tells whether it still holds."""
        source, name, as_read = super().get_source(environment, template)
        looked = time.monotonic()

        def holds() -> bool:
            nonlocal looked
            now = time.monotonic()
            if now - looked < _LOOK_SECONDS:
                return True
            looked = now
            return as_read()

        return source, name, holds


class _Joined(BaseLoader):
    """Texts with their parts put in, so far as that says the same: each part of its own costs as much as a sentence.

    :param loader: where texts and parts lie.
    """

    def __init__(self, loader: BaseLoader) -> None:
        self._loader = loader

    def get_source(self, environment: Environment, template: str) -> tuple[str, str | None, Callable[[], bool] | None]:
        """The text, its file's name, and what tells whether it and its parts still hold."""
        source, name, as_read = self._loader.get_source(environment, template)
        held = [as_read]
        for _ in range(_DEEP):
            if _OF_ITS_OWN.search(source):
                break
            joined = _PART.sub(lambda found: self._part(environment, found, held), source)
            if joined == source:
                break
            source = joined
        return source, name, lambda: all(holds is None or holds() for holds in held)

    def _part(self, environment: Environment, found: re.Match[str], held: list[Callable[[], bool] | None]) -> str:
        """A part's text; what asked for it where that is missing, to be told when it is worded."""
        try:
            source, _, as_read = self._loader.get_source(environment, found[1])
        except TemplateNotFound:
            return found[0]
        held.append(as_read)
        return source if source.endswith("\n") and not _OF_ITS_OWN.search(source) else found[0]


@lru_cache(1024)  # a government's former texts need not stay in memory
def _environment(folders: tuple[Path, ...], edited: Edited) -> SandboxedEnvironment:
    return SandboxedEnvironment(
        loader=_Joined(ChoiceLoader([DictLoader(dict(edited)), _SeldomLooking(folders)])),
        undefined=StrictUndefined,
        autoescape=select_autoescape(default=False, enabled_extensions=()),  # plain text: an ampersand is one
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,  # a part ends where its last line ends
    )


def _tidy(body: str) -> str:
    """Paragraphs filled anew, since what was put into them has lengths of its own."""
    lines = "\n".join(line.rstrip() for line in body.strip("\n").splitlines())
    paragraphs = [each.strip("\n") for each in re.split(r"\n{2,}", lines) if each.strip()]
    return "\n\n".join(_filled(each) for each in paragraphs) + "\n"


def _filled(paragraph: str) -> str:
    """Lines of running text joined and broken anew; each line that is laid out by itself, its rest below its text."""
    filled: list[str] = []
    running: list[str] = []
    for line in paragraph.splitlines():
        laid_out = _LAID_OUT.match(line)
        if laid_out is None:
            running.append(line)
            continue
        filled += [_broken(" ".join(running))] if running else []
        running = []
        filled.append(_broken(line, " " * len(laid_out[0])))
    return "\n".join([*filled, *([_broken(" ".join(running))] if running else [])])


def _broken(line: str, indent: str = "") -> str:
    if len(line) <= _WIDTH and (indent or "  " not in line):
        return line  # most are
    broken = _broken_at_spaces(line, indent)
    if broken is not None:
        return broken
    return fill(line, _WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def _broken_at_spaces(line: str, indent: str) -> str | None:
    """As :func:`textwrap.fill` does it, which takes some ten times as long.

    :returns: none where that has ways of its own: with blanks in a row or other than the space, and words too long.
    """
    begin = len(indent)
    if not line.isprintable() or "  " in line[max(0, begin - 1) :] or line.endswith(" "):
        return None
    lines = []
    while len(line) > _WIDTH:
        end = line.rfind(" ", begin, _WIDTH + 1)
        if end <= begin:
            return None
        lines.append(line[:end])
        line = indent + line[end + 1 :]
    return "\n".join([*lines, line])
