"""The API's own description (OpenAPI), drawn up when somebody first asks for it."""

from typing import Any

from flask import Flask, Response
from flask_smorest import Api, Blueprint


class DescribedApi(Api):
    """An API that is described by the first request for its document, instead of whenever a portal is made.

    Describing takes three times as long as everything else that an API needs, and most portals are never asked.
    """

    def __init__(self, app: Flask, **options: Any) -> None:
        self._undescribed: list[tuple[str, Blueprint]] = []
        self._answers_described = False
        super().__init__(app, **options)

    def register_blueprint(
        self, blp: Blueprint, *, parameters: list[dict[str, Any]] | None = None, **options: Any
    ) -> None:
        """As the library's own, but for the description.

        :raises TypeError: if it is given what all paths of the blueprint have in common: none of ours has that.
        """
        if parameters is not None or options:
            raise TypeError("a blueprint of this API is registered under its own name, and without parameters")
        self._app.extensions["flask-smorest"]["blp_name_to_api"][blp.name] = self
        self._app.register_blueprint(blp)
        self._undescribed.append((blp.name, blp))

    def _register_responses(self) -> None:
        """Not yet: there is one for each status of HTTP."""

    def _openapi_json(self) -> Response:
        if not self._answers_described:
            super()._register_responses()
            self._answers_described = True
        while self._undescribed:
            name, blueprint = self._undescribed[0]
            blueprint.register_views_in_doc(self, self._app, self.spec, name=name, parameters=None)
            self.spec.tag({"name": name, "description": blueprint.description})
            self._undescribed.pop(0)
        response: Response = super()._openapi_json()
        return response
