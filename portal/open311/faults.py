"""Errors as the standard wants them: a list, a status of 400, 403 or 404, and words for the person who asks."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from flask import Response

from portal.open311.writing import written
from portal.problems import language
from shared.base.errors import AduanError, Forbidden, Invalid, NotFound
from shared.wording.catalogue import catalogue

_OWN: Final = frozenset({403, 404, 429, 503})
_LATER: Final = frozenset({429, 503})


class Fault(Exception):
    """What is wrong with a request, all at once.

    :param errors: each with its code of the catalogue.
    """

    def __init__(self, errors: Sequence[AduanError]) -> None:
        self.errors = tuple(errors)
        super().__init__(*(error.code for error in errors))


def not_found(code: str) -> Fault:
    """There is no such thing, or whoever asks may not know that there is: told alike."""
    return Fault([NotFound(code)])


def forbidden(code: str) -> Fault:
    """The key is missing or wrong."""
    return Fault([Forbidden(code)])


def bad(code: str, params: Mapping[str, object] | None = None) -> AduanError:
    """Something that is asked for in a way that cannot be."""
    return AduanError(code, params)


def bad_field(name: str, message: str) -> Invalid:
    """A field that cannot be used.

    :param message: as :func:`shared.wording.codes.field_message` writes it.
    """
    fields = {name: [message]}
    return Invalid("invalid_fields", fields=fields)


def told(kind: str, errors: Iterable[AduanError], status: int | None = None) -> Response:
    """The answer.

    :param status: where it is not for the errors to say.
    """
    given = list(errors)
    own = status or next((error.status for error in given if error.status in _OWN), 400)
    items = [{"code": own, "description": sentence} for error in given for sentence in sentences(error)]
    response = written(kind, "errors", items, own)
    if own in _LATER:
        response.headers["Retry-After"] = str(next((error.params.get("seconds", 1) for error in given), 1))
    return response


def sentences(error: AduanError) -> list[str]:
    """What an error says, in the language of whoever asks: one sentence, or one for each field."""
    spoken = language()
    if not error.fields:
        return [catalogue().sentence(error, spoken)]
    fields = catalogue().field_sentences(error, spoken)
    return [f"{name}: {sentence}" for name, sentences in fields.items() for sentence in sentences]
