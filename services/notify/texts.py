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
_PLAIN = re.compile(r"\S+(?: \S+)*")
"""One line, with single blanks between its words."""
_LAID_OUT = re.compile(r"^(\s|-|[^.]{1,20}\s*: )", re.MULTILINE)
"""Begins a line that stays as it is: indented, of a list, or a name with its value."""


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
    return "\n\n".join(each if _LAID_OUT.search(each) else _filled(each) for each in paragraphs) + "\n"


def _filled(paragraph: str) -> str:
    if len(paragraph) <= _WIDTH and _PLAIN.fullmatch(paragraph):
        return paragraph  # it is filled already, and most are
    return fill(paragraph, _WIDTH, break_long_words=False, break_on_hyphens=False)
