"""The messages' texts: templates that an administrator edits, in the common folder or in the government's own.

A template is looked for as ``<audience>/<name>.txt``, first in ``tenants/<tenant>/messages``, then in
``tenants/_messages``; a message that has none of its own gets ``<audience>/event.txt``. Its first line is the subject.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from textwrap import fill
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined, select_autoescape
from jinja2.sandbox import SandboxedEnvironment

from shared.domain.letters import COMMON, FALLBACK

_WIDTH = 76
_LAID_OUT = re.compile(r"\s+|- |--|[^.]{1,20}?\s*: ")
"""Begins a line that stays by itself: indented, of a list, or a name with its value."""


@dataclass(frozen=True)
class LetterText:
    """A message, worded."""

    subject: str
    body: str


def worded(tenants_dir: Path, messages: Path, audience: str, name: str, values: dict[str, Any]) -> LetterText:
    """A message's subject and body.

    :param tenants_dir: where the common folder is.
    :param messages: the government's own folder, which need not exist.
    :param audience: ``reporter`` or ``officer``.
    :param name: the template's name.
    :param values: what it may say; a template that asks for anything else fails.
    :raises jinja2.TemplateError: if the template is wrong.
    """
    environment = _environment(messages, tenants_dir / COMMON)
    template = environment.select_template([f"{audience}/{name}.txt", f"{audience}/{FALLBACK}.txt"])
    subject, _, body = template.render(values).strip().partition("\n")
    return LetterText(" ".join(subject.split()), _tidy(body))


@cache
def _environment(*folders: Path) -> SandboxedEnvironment:
    return SandboxedEnvironment(
        loader=FileSystemLoader(folders),
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
    return fill(line, _WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
