"""``without``: additions to a procedure that a government does not want, taken out before the file is understood.

Only what says where it comes from (``source``) and so is not the document's own can be taken out. The lines of what
stays are kept, so that every later message still names the right one.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from shared.wording.yaml_lines import Document, FileError, Place

_BLOCKS: Final = ("leave", "help", "on_behalf")
_LISTS: Final = ("anytime", "after_end")


def switched_off(document: Document) -> Document:
    """The document as if the additions named in its ``without`` did not stand there.

    :raises FileError: if a name is none of an addition.
    """
    data = document.data
    names = data.get("without") if isinstance(data, Mapping) else None
    if not isinstance(data, Mapping) or not isinstance(names, list) or not names:
        return document
    found = dict(_named(data))
    unknown = [
        document.error(
            ("without", index),
            f"{name!r} is no addition of this procedure",
            "name an action, a step or a block that gives a `source`; what the document itself states stays",
        )
        for index, name in enumerate(names)
        if name not in found.values()
    ]
    if unknown:
        raise FileError.of(unknown)
    gone = {place for place, name in found.items() if name in names}
    gone |= set(
        _left_behind(data, {str(name) for place, name in found.items() if place in gone and place[0] == "steps"})
    )
    lines: dict[Place, int] = {}
    kept = _kept(document, data, (), (), gone, lines)
    return Document(document.file, kept, lines)


def _named(data: Mapping[Any, Any]) -> Iterator[tuple[Place, object]]:
    """Every addition: where it stands, and its name."""
    for index, step in _entries(data.get("steps")):
        if _added(step):
            yield ("steps", index), step.get("id")
        for number, action in _entries(step.get("actions")):
            if _added(action):
                yield ("steps", index, "actions", number), action.get("name")
    for block in _LISTS:
        for index, action in _entries(data.get(block)):
            if _added(action):
                yield (block, index), action.get("name")
    for block in _BLOCKS:
        if isinstance(data.get(block), Mapping) and _added(data[block]):
            yield (block,), block


def _left_behind(data: Mapping[Any, Any], steps: set[str]) -> Iterator[Place]:
    """Additions that lead into, or tell of, a step that is no longer there."""
    if not steps:
        return
    for index, step in _entries(data.get("steps")):
        for number, action in _entries(step.get("actions")):
            if _added(action) and action.get("to") in steps:
                yield "steps", index, "actions", number
    for block in _LISTS:
        for index, action in _entries(data.get(block)):
            if _added(action) and action.get("to") in steps:
                yield block, index
    for index, rule in _entries(data.get("notify")):
        if _added(rule) and {rule.get("step"), rule.get("to_step")} & steps:
            yield "notify", index


def _kept(
    document: Document, value: object, old: Place, new: Place, gone: set[Place], lines: dict[Place, int]
) -> object:
    if old in document.lines:
        lines[new] = document.lines[old]
    if isinstance(value, Mapping):
        return {
            key: _kept(document, below, (*old, key), (*new, key), gone, lines)
            for key, below in value.items()
            if (*old, key) not in gone
        }
    if isinstance(value, list):
        staying = [index for index in range(len(value)) if (*old, index) not in gone]
        return [
            _kept(document, value[index], (*old, index), (*new, place), gone, lines)
            for place, index in enumerate(staying)
        ]
    return value


def _entries(value: object) -> Iterator[tuple[int, Mapping[Any, Any]]]:
    for index, entry in enumerate(value if isinstance(value, list) else ()):
        if isinstance(entry, Mapping):
            yield index, entry


def _added(entry: Mapping[Any, Any]) -> bool:
    return bool(entry.get("source"))
