"""What can go wrong between the log and the tables made from it."""

from shared.errors import Conflict, Unavailable


class UnknownEventType(Exception):
    """An event whose type this version of the code does not know.

    Met live it is passed over and counted, so that a newer service may append before the others are upgraded; a
    rebuild stops at it, since its tables would lack what the event says.

    :param event_type: the stable name found in the log.
    """

    def __init__(self, event_type: str) -> None:
        self.event_type = event_type
        super().__init__(f"this version of the code knows no event type {event_type}")


class BadRows(Exception):
    """A projection returned rows that its tables cannot hold: a mistake in its code, never in the event.

    The sentence names table and columns only: values may be personal.
    """


class MissingEvents(Exception):
    """The store lacks events that must precede a delivered one, so the message is not of this store or the log is torn.

    :param dossier: whose stream has the hole.
    :param expected: the first version that is missing.
    """

    def __init__(self, dossier: object, expected: int) -> None:
        self.dossier = dossier
        self.expected = expected
        super().__init__(f"the store has no version {expected} of dossier {dossier}, though a later one was delivered")


class RebuildRunning(Conflict):
    """Somebody is already rebuilding this projection; two at once would overwrite each other."""

    def __init__(self, projection: str) -> None:
        super().__init__("rebuild_running", {"projection": projection})


class RebuildNotPossible(Conflict):
    """The tables cannot be exchanged as they are; nothing has been changed.

    :param reason: what stands in the way, and in which table.
    """

    def __init__(self, projection: str, reason: str) -> None:
        super().__init__("rebuild_not_possible", {"projection": projection, "reason": reason})

    def __str__(self) -> str:
        return f"{self.params['projection']} cannot be rebuilt: {self.params['reason']}"


class SwitchTimedOut(Unavailable):
    """The new tables are ready, but readers or runners held the old ones for too long; nothing has been changed."""

    def __init__(self, projection: str, seconds: float) -> None:
        super().__init__("rebuild_switch_timed_out", {"projection": projection, "seconds": seconds})
