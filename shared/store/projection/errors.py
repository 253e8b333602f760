"""What can go wrong between the log and the tables made from it."""

from shared.base.errors import Conflict, Unavailable


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


class Superseded(Unavailable):
    """The tables were made by another generation of the projection; a process of that goes on with them.

    :param projection: whose.
    """

    def __init__(self, projection: str) -> None:
        self.projection = projection
        super().__init__("tables_of_another_version", {"projection": projection})


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


class EventUnreadable(Conflict):
    """An event of the log cannot be decoded: its bytes were changed, or a newer version has written it.

    :param position: where it stands.
    """

    def __init__(self, position: int, event_type: str) -> None:
        super().__init__("event_unreadable", {"position": position, "type": event_type})


class SwitchTimedOut(Unavailable):
    """The new tables are ready, but readers or runners held the old ones for too long; nothing has been changed."""

    def __init__(self, projection: str, seconds: float) -> None:
        super().__init__("rebuild_switch_timed_out", {"projection": projection, "seconds": seconds})
