"""A field message as it travels: a code with its parameters in one string, made a sentence only at the edge.

``required``, or ``too_long?max=200``: the form of a query string, so that any value survives.
"""

from urllib.parse import parse_qsl, urlencode


def field_message(code: str, **params: object) -> str:
    """The message as one string.

    :param code: a code of the catalogue's ``fields``.
    :param params: the values for its sentence.
    """
    return f"{code}?{urlencode(params)}" if params else code


def split_message(message: str) -> tuple[str, dict[str, str]]:
    """The reverse of :func:`field_message`: the code and the values."""
    code, _, query = message.partition("?")
    return code, dict(parse_qsl(query, keep_blank_values=True))
