"""What is known of a complaint, as its filing, officers and its reporter tell it one after the other."""

from collections.abc import Iterable, Mapping
from typing import Any

from shared.domain.dossier.events import Classified, ComplaintFiled, Supplemented


def known_after(
    known: Mapping[str, Any], event: ComplaintFiled | Classified | Supplemented, names: Iterable[str]
) -> dict[str, Any]:
    """What is known after an event: what it does not say stays as it was, unless it no longer holds.

    :param known: before.
    :param names: of fields that stand in the clear, such as ``category``.
    """
    cleared = event.cleared if isinstance(event, Supplemented) else ()
    return {name: getattr(event, name, None) or (None if name in cleared else known[name]) for name in names}
