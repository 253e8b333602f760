"""What is wrong with a letter's text before it counts: by checking the procedure, and by filling it in."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from jinja2 import TemplateError

from portal.pages.officer.letter_example import example
from shared.application.letter_texts import LetterText, worded
from shared.base.blank import is_blank
from shared.base.errors import Invalid
from shared.domain.letters import COMMON, PARTS, VALUES, must_say
from shared.domain.sop.checking.letters import letters
from shared.domain.sop.reading.versions import CURRENT
from shared.domain.tenants import Tenant
from shared.platform.settings import Settings
from shared.wording.codes import field_message
from shared.wording.yaml_lines import load_yaml

_SUFFIX: Final = ".txt"
_QUOTED: Final = re.compile(r"'([^']+)'")
_INCLUDED: Final = re.compile(r"""include\s+["']([\w/]+\.txt)["']""")


def check(
    home: Tenant, settings: Settings, name: str, before: Mapping[str, str], after: Mapping[str, str], year: int
) -> None:
    """See that letters can be written by what was edited.

    :param name: the template that was, e.g. ``reporter/closed.txt``.
    :param before: what counts now instead of files: what is wrong with that already is nobody's fault here.
    :param after: what is to count.
    :raises Invalid: ``invalid_fields``, of ``text``.
    """
    procedure = load_yaml(home.directory / CURRENT)
    known = {(each.code, each.message) for each in letters(home.directory, home.sop, procedure, before)}
    for each in letters(home.directory, home.sop, procedure, after):
        if (each.code, each.message) not in known:
            what = _QUOTED.search(each.message)
            letter = "/".join(each.file.rsplit("/", 2)[-2:])
            raise _fault(each.code, line=each.line, letter=letter, what=what[1] if what else "…")
    for letter in letters_with(home, settings, name, after):
        for bare in (False, True):
            text = filled(home, settings, letter, after, year, bare=bare)
            _check_said(home, letter, text, year, bare=bare)


def _check_said(home: Tenant, letter: str, text: LetterText, year: int, *, bare: bool) -> None:
    """See that what its reader waits for stands in the letter: it counts as told once the letter has arrived.

    :raises Invalid: ``invalid_fields``, of ``text``, where a letter asks for it only and does not write it out.
    """
    audience, _, stem = letter.partition("/")
    values = example(home, audience, year, bare=bare)
    written = " ".join(f"{text.subject} {text.body}".split())
    for name in sorted(must_say(audience, stem.removesuffix(_SUFFIX))):
        if " ".join(str(values[name] or "").split()) not in written:
            raise _fault("unsaid", line=1, letter=letter, what=name)


def filled(
    home: Tenant, settings: Settings, name: str, edited: Mapping[str, str], year: int, *, bare: bool = False
) -> LetterText:
    """A letter about a made-up complaint.

    :param bare: without what not every letter tells.
    :raises Invalid: ``invalid_fields``, if it cannot be filled in or says nothing.
    """
    audience, _, stem = name.partition("/")
    values = example(home, audience, year, bare=bare)
    texts = tuple(sorted(edited.items()))
    try:
        text = worded(settings.tenants_dir, home.messages, audience, stem.removesuffix(_SUFFIX), values, texts)
    except (TemplateError, TypeError, ValueError, RecursionError) as error:
        raise _fault("letter_fails") from error
    if is_blank(text.subject) or is_blank(text.body):
        raise _fault("letter_empty")
    return text


def names(home: Tenant, settings: Settings) -> list[str]:
    """Every text that letters are worded by: those to reporters, to officers, and what several of them share."""
    places = _places(home, settings)
    kinds = (*VALUES, PARTS)
    return [f"{kind}/{stem}" for kind in kinds for stem in sorted({f.name for p in places for f in _texts(p / kind)})]


def in_file(home: Tenant, settings: Settings, name: str) -> tuple[str, bool]:
    """What a text's file says, and whether it is the government's own.

    :param name: one of :func:`names`.
    """
    own, common = (place / name for place in _places(home, settings))
    return (own if own.is_file() else common).read_text(encoding="utf-8"), own.is_file()


def letters_with(home: Tenant, settings: Settings, name: str, edited: Mapping[str, str]) -> Iterator[str]:
    """The letters that a text is, or is a part of."""
    if not name.startswith(f"{PARTS}/"):
        yield name
        return
    every = {each: edited.get(each) or in_file(home, settings, each)[0] for each in names(home, settings)}
    for each in every:
        waiting, seen = [each], {each}
        while waiting:
            more = set(_INCLUDED.findall(every.get(waiting.pop(), ""))) - seen
            seen |= more
            waiting += more
        if name in seen and not each.startswith(f"{PARTS}/"):
            yield each


def _places(home: Tenant, settings: Settings) -> tuple[Path, Path]:
    return home.messages, settings.tenants_dir / COMMON


def _texts(folder: Path) -> Iterator[Path]:
    return folder.glob(f"*{_SUFFIX}")


def _fault(code: str, **params: object) -> Invalid:
    told = {"text": [field_message(code, **params)]}
    return Invalid("invalid_fields", fields=told)
