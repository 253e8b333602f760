"""Settings with a line for each of several things, which are some governments' each::

    bantul cirebon = what is theirs

Blank lines and those that begin with # say nothing.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final, TypeVar

Said = TypeVar("Said")

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]*", re.IGNORECASE)


def lines_of(given: str, read: Callable[[str, Sequence[str]], Said]) -> Iterator[Said]:
    """What each line says.

    :param read: what one says, from what stands before the sign, and the words after it.
    :raises ValueError: as `read`, with the number of the line.
    """
    for number, line in enumerate(given.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        names, _, rest = line.partition("=")
        try:
            yield read(names, rest.split())
        except ValueError as error:
            raise ValueError(f"is wrong in line {number}, which {error}") from None


def tenants_named(given: str) -> tuple[str, ...]:
    """Names of governments, with blanks or commas between them."""
    found = tuple(given.replace(",", " ").split())
    if not all(_NAME.fullmatch(each) for each in found):
        raise ValueError("must be names of governments with blanks or commas between them, e.g. cilacap bantul")
    return found


def check_once(what: str, named: Sequence[str]) -> None:
    """Refuse what two lines name.

    :raises ValueError: if there is any.
    """
    if len(set(named)) < len(named):
        raise ValueError(f"names the same {what} in two places; name each once")
