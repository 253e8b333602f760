"""The templates, once in each language: what they say stands in them already when they are compiled.

A page says up to some hundred sentences. To look each of them up, and to format it, for every row of every page took as
long as everything else that its template does. What a block says is put together within it, instead of being handed up
word by word through all the templates that it stands in.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from types import FunctionType, MethodType
from typing import Any, Final

from flask import Flask
from flask.templating import Environment
from jinja2 import Template, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.ext import InternationalizationExtension
from jinja2.parser import Parser
from jinja2.runtime import Context
from markupsafe import escape

from portal.pages.frame.language import gettext_in, language, plain_gettext, plain_ngettext
from shared.wording.catalogue import LANGUAGES

_EXTENSION: Final = "aduan.templates"
_PLACE: Final = re.compile(r"%(?:%|\((\w+)\)s)")
"""Where a value stands in a sentence, or a sign that means itself."""
_FUNCTIONS: Final = (FunctionType, MethodType)
_OF_THE_LIBRARY: Final = ("_block_vars", "_loop_vars")
"""What the library tells itself in each call; nothing of ours is called so."""
_WHOLE: Final = "whole"
_OF_MAPPINGS: Final = frozenset(dir(dict))
_UNSAFE: Final = re.compile("[&<>'\"]")
"""What is written otherwise in HTML than in a text: these five and no other, as in :func:`markupsafe.escape`."""


def escaped(value: Any) -> str:
    """What a template is told, as it stands in HTML.

    Nearly all of it is text without any sign to be escaped, and joined at once with what stands around it: to make an
    object of its own of each, which says that it is escaped, took more time than to look for such signs.
    """
    return value if type(value) is str and _UNSAFE.search(value) is None else escape(value)


class _Writer(CodeGenerator):
    """Writes what a template becomes."""

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        """As the library's hook, which has each value escaped in its own way."""
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.escaped(")


class PageContext(Context):
    """What templates call with: most of it are functions of ours, which want nothing of the template."""

    def call(self, called: Callable[..., Any], /, *args: Any, **named: Any) -> Any:
        """As the library's, which looks at whatever is called from all sides before."""
        if type(called) in _FUNCTIONS and not hasattr(called, "jinja_pass_arg"):
            for name in _OF_THE_LIBRARY:
                named.pop(name, None)
            return called(*args, **named)
        return super().call(called, *args, **named)


class PageEnvironment(Environment):
    """What templates are compiled in and looked up by."""

    context_class = PageContext
    code_generator_class = _Writer
    escaped = staticmethod(escaped)

    def _generate(self, source: nodes.Template, *more: Any, **named: Any) -> str:
        """As the library's hook, with each block said at once."""
        for block in source.find_all(nodes.Block):
            whole = nodes.Filter(None, _WHOLE, [], [], None, None, lineno=block.lineno)
            block.body = [nodes.FilterBlock(block.body, whole, lineno=block.lineno)]
        return super()._generate(source, *more, **named)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """``each.ticket``: what services tell are plain dictionaries, so that their items are looked for first.

        Jinja looks for an attribute first and would find none, by an exception, for every figure of a page.
        """
        if type(obj) is dict and attribute not in _OF_MAPPINGS:
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        try:
            return getattr(obj, attribute)
        except AttributeError:
            return super().getattr(obj, attribute)  # looks once more, and then for an item


class _Sentences(InternationalizationExtension):
    """``{% trans %}``, said in one language when the template is compiled. Plurals are said when it is filled."""

    priority = 101  # after the extension that says all when the template is filled, and hence in its place
    spoken: str

    def parse(self, parser: Parser) -> nodes.Node | list[nodes.Node]:
        """As the library's, with the sentence in its place."""
        parsed = super().parse(parser)
        if isinstance(parsed, list):
            return [self._said(each) for each in parsed]
        return self._said(parsed)

    def _said(self, node: nodes.Node) -> nodes.Node:
        match node:
            case nodes.Output(
                nodes=[nodes.Call(node=nodes.Name(name="gettext"), args=[nodes.Const(value=sentence)]) as call]
            ):
                values = {each.key: each.value for each in call.kwargs}
                told = list(_pieces(gettext_in(self.spoken, sentence), values))
                return nodes.Output(told, lineno=node.lineno)
        return node


class _Indonesian(_Sentences):
    spoken = "id"


class _English(_Sentences):
    spoken = "en"


def _pieces(sentence: str, values: Mapping[str, nodes.Expr]) -> Iterator[nodes.Expr]:
    """A sentence's words as they stand, and its values, which are escaped where the template is filled."""
    at = 0
    for place in _PLACE.finditer(sentence):
        yield nodes.TemplateData(sentence[at : place.start()])
        yield values[place[1]] if place[1] else nodes.TemplateData("%")
        at = place.end()
    yield nodes.TemplateData(sentence[at:])


def _whole(said: str) -> str:
    return said


def install(app: Flask) -> None:
    """Let the application's templates speak.

    :raises RuntimeError: if the application has its environment already, which would be another one.
    """
    if "jinja_env" in vars(app):
        raise RuntimeError("templates are installed before anything asks for the application's environment")
    app.jinja_environment = PageEnvironment
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(plain_gettext, plain_ngettext, newstyle=True)  # type: ignore[attr-defined]
    app.jinja_env.filters[_WHOLE] = _whole
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    speaking = {"id": _Indonesian, "en": _English}
    app.extensions[_EXTENSION] = {each: app.jinja_env.overlay(extensions=[speaking[each]]) for each in LANGUAGES}


def template(app: Flask, name: str) -> Template:
    """A template in the language of this page.

    :param name: below ``portal/templates``.
    :raises jinja2.TemplateNotFound: if there is none.
    """
    environments: Mapping[str, PageEnvironment] = app.extensions[_EXTENSION]
    return environments[language()].get_template(name)
