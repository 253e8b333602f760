"""What of a complaint the public may read, as a fold over its events.

``publication`` is none until there is a final answer, then a :data:`State`; ``public_text`` is what was published,
sealed with the dossier's key as it stands in the log, so that an erasure reaches it.
"""

from typing import Any, Final, Literal

from shared.domain.dossier.events import (
    Answered,
    DossierEvent,
    Erased,
    Published,
    SummaryGivenBack,
    SummaryWritten,
    Supplemented,
    Unpublished,
)

State = Literal["unwritten", "written", "given_back", "published", "withdrawn", "never"]
UNWRITTEN: Final[State] = "unwritten"
WRITTEN: Final[State] = "written"
PUBLISHED: Final[State] = "published"
NEVER: Final[State] = "never"
COLUMNS: Final = ("publication", "publication_at", "public_text")


CONCERNED: Final[tuple[type[DossierEvent], ...]] = (
    Answered,
    Erased,
    Published,
    SummaryGivenBack,
    SummaryWritten,
    Supplemented,
    Unpublished,
)
"""The only events that change anything of it."""


def publication_after(case: dict[str, Any], event: DossierEvent) -> dict[str, Any]:
    """What an event changes of it.

    :param case: as it stands after the event, but for this.
    """
    if isinstance(event, Erased):
        return _told(NEVER, event)
    if case["publication"] == NEVER:
        return {}
    if isinstance(event, Supplemented) and case["privacy"] == "secret":
        return _told(NEVER, event)
    match event:
        case Answered(kind="final") if case["publication"] is None:
            return _told(NEVER if case["privacy"] == "secret" else UNWRITTEN, event)
        case SummaryWritten():
            return _told(WRITTEN, event)
        case SummaryGivenBack():
            return _told("given_back", event)
        case Published():
            return {**_told(PUBLISHED, event), "public_text": event.sealed}
        case Unpublished():
            return _told("withdrawn", event)
        case _:
            return {}


def _told(state: State, event: DossierEvent) -> dict[str, Any]:
    return {"publication": state, "publication_at": event.occurred_at, "public_text": None}
