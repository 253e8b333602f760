"""What a letter's text may be made of where an administrator edits it in the browser: words, not a program.

A sandbox keeps a template from what lies behind its values, not from endless work or memory; so what no letter needs is
refused by name before it is ever run: calls, arithmetic, attributes, loops within loops.
"""

from collections.abc import Iterator
from typing import Final

from jinja2 import nodes

from shared.domain.letters import PARTS

_KNOWN: Final = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.If, nodes.CondExpr),
    *(nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Concat, nodes.Include, nodes.For),
    *(nodes.Filter, nodes.Keyword),
)
_FILTERS: Final = frozenset({"trim", "indent", "join", "upper", "lower", "title", "capitalize"})
_MOST_INDENT: Final = 20
_MOST_DEPTH: Final = 30


def beyond_words(tree: nodes.Template) -> Iterator[tuple[int, str]]:
    """What is more than words, as lines and what stands there."""
    yield from _beyond(tree, 0, looping=False)


def _beyond(node: nodes.Node, depth: int, *, looping: bool) -> Iterator[tuple[int, str]]:
    if depth > _MOST_DEPTH:
        yield node.lineno, "depth"
        return
    if not isinstance(node, _KNOWN):
        yield node.lineno, type(node).__name__.lower()
        return
    if isinstance(node, nodes.Filter) and not _plain(node):
        yield node.lineno, f"|{node.name}"
    if isinstance(node, nodes.Include) and not (
        isinstance(node.template, nodes.Const) and str(node.template.value).startswith(f"{PARTS}/") and not looping
    ):
        yield node.lineno, "include"
    if isinstance(node, nodes.For):
        if looping or node.recursive or not isinstance(node.iter, nodes.Name):
            yield node.lineno, "for"
        looping = True
    for each in node.iter_child_nodes():
        yield from _beyond(each, depth + 1, looping=looping)


def _plain(node: nodes.Filter) -> bool:
    if node.name not in _FILTERS or node.dyn_args is not None or node.dyn_kwargs is not None:
        return False
    given = [*node.args, *(each.value for each in node.kwargs)]
    if not all(isinstance(each, nodes.Const) for each in given):
        return False
    widths = [each.value for each in given if isinstance(each, nodes.Const) and isinstance(each.value, int)]
    return all(0 <= each <= _MOST_INDENT for each in widths)
