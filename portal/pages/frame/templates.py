"""The templates, once in each language: what they say stands in them already when they are compiled.

A page says up to some hundred sentences. To look each of them up, and to format it, for every row of every page took as
long as everything else that its template does.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from flask import Flask
from flask.templating import Environment
from jinja2 import Template, nodes
from jinja2.ext import InternationalizationExtension
from jinja2.parser import Parser

from portal.pages.frame.language import gettext_in, language, plain_gettext, plain_ngettext
from shared.wording.catalogue import LANGUAGES

_EXTENSION: Final = "aduan.templates"
_PLACE: Final = re.compile(r"%(?:%|\((\w+)\)s)")
"""Where a value stands in a sentence, or a sign that means itself."""
_OF_MAPPINGS: Final = frozenset(dir(dict))


class PageEnvironment(Environment):
    """What templates are compiled in and looked up by."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        """``each.ticket``: what services tell are plain dictionaries, so that their items are looked for first.

        Jinja looks for an attribute first and would find none, by an exception, for every figure of a page.
        """
        if type(obj) is dict and attribute not in _OF_MAPPINGS:
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        return super().getattr(obj, attribute)


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


def install(app: Flask) -> None:
    """Let the application's templates speak.

    :raises RuntimeError: if the application has its environment already, which would be another one.
    """
    if "jinja_env" in vars(app):
        raise RuntimeError("templates are installed before anything asks for the application's environment")
    app.jinja_environment = PageEnvironment
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(plain_gettext, plain_ngettext, newstyle=True)  # type: ignore[attr-defined]
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
