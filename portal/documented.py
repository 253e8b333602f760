"""A blueprint whose every route says what it answers, errors included."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from flask import Response, json, request
from flask_smorest import Blueprint
from marshmallow import RAISE, Schema

from portal.arguments import CodedParser
from portal.problems import PROBLEM_JSON
from portal.shapes import ProblemShape
from shared.base.errors import Invalid
from shared.wording.catalogue import catalogue

BEARER: Final = "bearer"

_ASKED: Final = "_asked_in_query"

View = Callable[..., Response]


class Documented(Blueprint):
    """As flask-smorest's, with our parser and our problems.

    Its views give answers that are sent as they are. So what is only said of them wraps nothing around them: every
    wrapping would cost each request as much as a look into the database.
    """

    ARGUMENTS_PARSER = CodedParser()

    def arguments(self, schema: Any, *, location: str = "json", **options: Any) -> Callable[[View], View]:
        """As flask-smorest's; of a query every name must be known: a mistyped filter would find everything."""
        if location == "query":
            options.setdefault("unknown", RAISE)
        decorate = super().arguments(schema, location=location, **options)

        def arguing(view: View) -> View:
            decorated: View = decorate(view)
            if location == "query":
                setattr(decorated, _ASKED, True)
            return decorated

        return arguing

    def route(self, rule: str, **options: Any) -> Callable[[View], View]:
        """As flask-smorest's; what reads and takes no query is asked none."""
        decorate = super().route(rule, **options)

        def routed(view: View) -> View:
            if not hasattr(view, _ASKED):
                view = _without_query(view)
            routed_view: View = decorate(view)
            return routed_view

        return routed

    def alt_response(self, *said: Any, **more: Any) -> Callable[[View], View]:
        """Document another answer."""
        return _only_said(super().alt_response(*said, **more))

    @staticmethod
    def doc(**said: Any) -> Callable[[View], View]:
        """Document by hand."""
        return _only_said(Blueprint.doc(**said))

    def answers(
        self, status: int, shape: type[Schema], *problems: int, secured: bool = False
    ) -> Callable[[View], View]:
        """Document a view.

        :param shape: of the answer, see :mod:`portal.shapes`.
        :param problems: the statuses of its errors.
        :param secured: whether it needs a token.
        """

        def decorate(view: View) -> View:
            view = _only_said(self.response(status, shape))(self._refusing(view, problems))
            return self.doc(security=[{BEARER: []}])(view) if secured else view

        return decorate

    def hands_out(self, *problems: int, secured: bool = False) -> Callable[[View], View]:
        """Document a view that answers with a file's bytes; parameters as for :meth:`answers`."""

        def decorate(view: View) -> View:
            described = self._refusing(view, problems)
            content = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
            own: dict[str, Any] = {"responses": {"200": {"description": "The file", "content": content}}}
            return self.doc(**own, **({"security": [{BEARER: []}]} if secured else {}))(described)

        return decorate

    def _refusing(self, view: View, problems: tuple[int, ...]) -> View:
        for problem in problems:
            described = self.alt_response(
                problem,
                schema=ProblemShape,
                content_type=PROBLEM_JSON,
                description=catalogue().title(problem, "en"),
            )
            view = described(view)
        return view


def _without_query(view: View) -> View:
    @wraps(view)
    def asked(*arguments: Any, **named: Any) -> Response:
        if request.args:
            raise Invalid("invalid_fields", fields={name: ["unknown_field"] for name in request.args})
        return view(*arguments, **named)

    return asked


def _only_said(decorator: Callable[[Any], Any]) -> Callable[[View], View]:
    """What a decorator of flask-smorest's says of a view, on the view itself."""

    def decorate(view: View) -> View:
        vars(view)["_apidoc"] = vars(decorator(view))["_apidoc"]
        return view

    return decorate


def answer(body: dict[str, Any], status: int = 200) -> Response:
    """A JSON answer, sent as it is."""
    return Response(json.dumps(body, ensure_ascii=False), status=status, content_type="application/json")
