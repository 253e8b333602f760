"""How much a document of a stranger may hold before anybody looks at what it says.

To check a document costs more than to read it; one of a megabyte may have a hundred thousand fields. Whatever is larger
than any honest one is refused for its shape, by a walk that looks at no more of it than it must.
"""

from typing import Final

from shared.base.errors import Invalid

MOST_DEPTH: Final = 10
MOST_PARTS: Final = 2_000
"""Fields and entries of lists, counted together. A complaint has some twenty fields, and a few attachments."""


def check_shape(document: object) -> None:
    """Refuse a document in which too many lists and objects lie in one another, or that has too many parts.

    :param document: as a parser of JSON gives it.
    :raises Invalid: ``too_deep`` or ``too_many_parts``; nothing of the document is told.
    """
    level: list[object] = [document]
    counted = 0
    for _ in range(MOST_DEPTH + 1):
        below: list[object] = []
        for each in level:
            within = each.values() if isinstance(each, dict) else each if isinstance(each, list | tuple) else ()
            counted += len(within)
            if counted > MOST_PARTS:
                raise Invalid("too_many_parts", {"most": MOST_PARTS})
            below.extend(within)
        if not below:
            return
        level = below
    if any(isinstance(each, dict | list | tuple) for each in level):
        raise Invalid("too_deep", {"most": MOST_DEPTH})
