"""A mistyped name, and the one that was meant."""

import difflib
from collections.abc import Collection

from shared.base.names import canonical

_MOST_NAMED = 30


def remedy_for(name: str, known: Collection[str]) -> str:
    """What to do about a name that is none of a list's.

    :param known: the list.
    """
    by_form = {canonical(each): each for each in sorted(known, reverse=True)}
    near = difflib.get_close_matches(canonical(name), sorted(by_form), n=1, cutoff=0.5)
    if near:
        return f"did you mean {by_form[near[0]]}?"
    named = sorted(known)[:_MOST_NAMED]
    return f"name one of: {', '.join(named)}{' ...' if len(known) > _MOST_NAMED else ''}" if named else "take it out"
