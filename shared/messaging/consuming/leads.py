"""For which services of a process the log is followed here: the leads that it holds, and how far each has come.

Of several instances of a service one leads, by a lock on the connection on which it works; the others stand by. Its
position is saved only where nobody has set it back meanwhile, and a leader heeds one that was.
"""

import logging
from collections.abc import Sequence
from typing import Any, Final

from shared.messaging.consuming.member import Member
from shared.messaging.consuming.positions import first_position, leave, move, positions_of, try_to_lead
from shared.store.projection.applied import made_by
from shared.store.projection.generation import fits

log = logging.getLogger(__name__)

CUT_OFF_SECONDS: Final = 10.0
"""A leader that says nothing for so long has lost the lead, however its process came to stand still."""


class Leads:
    """The leads that a follower holds.

    :param members: the follower's own list of the services that it follows for.
    """

    def __init__(self, members: Sequence[Member]) -> None:
        self._members = members

    @property
    def led(self) -> list[Member]:
        """The services that are followed for here."""
        return [each for each in self._members if each.leads]

    @property
    def one_leaves(self) -> bool:
        """Whether one of them waits to be let go."""
        return any(each.leaving.is_set() for each in self.led)

    @property
    def moves(self) -> dict[str, tuple[int, int]]:
        """The positions that can be saved: what is being applied now is saved with the next batch, or in a pause."""
        return {each.service: (each.position, each.done_to) for each in self.led if each.done_to > each.position}

    def see_to(self, cursor: Any) -> None:
        """Take the lead where it is free, let go where a service leaves, and heed positions that were set back."""
        for member in self.led:
            if member.leaving.is_set() or member.halted():  # another instance may fare better
                self.save(cursor)
                leave(cursor, member.service)
                member.forget()
            if member.leaving.is_set():
                member.left.set()
        led = {each.service for each in self.led}
        for member in self._members:
            if member.leads or member.leaving.is_set() or member.halted() or member.service in led:
                continue
            if _may_write(cursor, member) and try_to_lead(cursor, member.service):
                cursor.execute(
                    "SELECT set_config('idle_session_timeout', %s, false)", (f"{CUT_OFF_SECONDS * 1000:.0f}",)
                )
                _begin(cursor, member)
                led.add(member.service)
                log.info("following the log", extra={"service": member.service, "position": member.position})
            member.stands_by = not member.leads
        if led:
            known = positions_of(cursor, sorted(led))
            for member in self.led:
                if known.get(member.service) != member.position:
                    _begin(cursor, member)
        self.save(cursor)

    def let_go(self, cursor: Any, projection: str) -> None:
        """Leave a projection's tables to processes of the version that has made them."""
        self.save(cursor)
        for member in self.led:
            if member.share.projection.name == projection:
                leave(cursor, member.service)
                member.forget()

    def save(self, cursor: Any) -> None:
        """Save how far each has come."""
        if moves := self.moves:
            self.note(moves, move(cursor, moves))

    def note(self, moves: dict[str, tuple[int, int]], moved: set[str]) -> None:
        """Remember what was saved.

        :param moves: what was to be saved.
        :param moved: the services for which it was.
        """
        for member in self.led:
            if member.service in moved:
                member.position = moves[member.service][1]


def _begin(cursor: Any, member: Member) -> None:
    """Follow for a service from its saved position on."""
    member.lead_from(first_position(cursor, member.service, member.share.projection.name))


def _may_write(cursor: Any, member: Member) -> bool:
    """Whether a service's tables are of this version; those of another are for its processes."""
    projection = member.share.projection
    fit = fits(projection.generation, made_by(cursor, projection.name))
    if not fit and not member.outstripped:
        log.warning("the tables were made by another version", extra={"service": member.service})
    member.outstripped = not fit
    return fit
