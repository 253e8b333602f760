"""Which reasons a reporter reads: one rule for letters, for their page, and for what officers are told."""

from typing import Final

_TOLD: Final = frozenset({"Rejected", "Transferred"})
_TOLD_OF_RETURNS: Final = frozenset({"incomplete", "out_of_authority"})


def reason_is_told(event: str, why: str | None, status: str | None = None) -> bool:
    """Whether the reason that somebody gave with an event is for the reporter.

    Any other is for colleagues: why a disposition was wrong, what a complaint was merged for; it may name others.

    :param event: its type.
    :param why: of a return, by its name.
    :param status: after the event, where it has happened: who waits for the reporter has told them what for.
    """
    if event == "Returned":
        return why in _TOLD_OF_RETURNS or status == "returned"
    return event in _TOLD
