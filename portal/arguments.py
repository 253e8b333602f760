"""Reading requests: bodies and queries by schemas whose messages are codes."""

from collections.abc import Collection
from typing import Any, NoReturn

from flask import Request
from marshmallow import Schema, ValidationError
from webargs.fields import DelimitedList
from webargs.flaskparser import FlaskParser, is_json_request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import RequestEntityTooLarge

from portal.errors import Unreadable, WrongKind
from shared.base.errors import Invalid
from shared.base.shape import check_shape
from shared.base.strict_json import parsed
from shared.wording.coded_schema import invalid_of


class CodedParser(FlaskParser):
    """webargs' parser, refusing by our own errors."""

    def load_json(self, req: Request, schema: Schema) -> Any:  # noqa: ARG002 - webargs' signature
        """The body; an absent one counts as an object without fields.

        :raises Unreadable: if it is not JSON.
        :raises Invalid: if it is larger or deeper than any honest one, or a field was given twice.
        :raises WrongKind: if it does not claim to be, or is packed.
        :raises RequestEntityTooLarge: if it is too large.
        """
        body = req.get_data(cache=True)
        if req.content_length is None and len(body) == req.max_content_length:
            # Without a length werkzeug cuts a body at the limit instead of refusing it.
            raise RequestEntityTooLarge
        if not body:
            return {}
        check_unpacked(req)
        if not is_json_request(req):
            raise WrongKind("json_needed")
        try:
            document = parsed(body)
        except (ValueError, RecursionError):
            raise Unreadable("not_json") from None
        check_shape(document)
        return document

    def load_querystring(self, req: Request, schema: Schema) -> Any:
        """What the address asks for; a list may be given in several parts.

        :raises Invalid: if anything else was given twice: one of the two would be lost.
        """
        lists = {name for name, each in schema.fields.items() if isinstance(each, DelimitedList)}
        return once_each(req.args, lists)

    def handle_error(
        self,
        error: ValidationError,
        req: Request,  # noqa: ARG002 - webargs' signature
        schema: Schema,  # noqa: ARG002
        **_options: Any,
    ) -> NoReturn:
        """Name the fields at fault.

        :raises Invalid: always.
        """
        # webargs puts the place (json, query) above the messages; a reader knows which fields they sent where.
        [messages] = error.messages_dict.values()
        raise invalid_of(ValidationError(messages))


def check_unpacked(req: Request) -> None:
    """Refuse a body that its sender has packed: nothing here unpacks one, since what a stranger packs may fill memory.

    :raises WrongKind: if it is.
    """
    if req.headers.get("Content-Encoding", "").strip().lower() not in ("", "identity"):
        raise WrongKind("packed_body")


def once_each(given: MultiDict[str, str], lists: Collection[str] = ()) -> dict[str, str]:
    """The fields of a form or of a query.

    :param lists: names of those that may be given in several parts.
    :raises Invalid: if another was given twice: one of the two would be lost.
    """
    found = given.to_dict(flat=False)
    twice = [name for name, values in found.items() if len(values) > 1 and name not in lists]
    if twice:
        raise Invalid("invalid_fields", fields={name: ["given_twice"] for name in twice})
    return {name: ",".join(values) for name, values in found.items()}
