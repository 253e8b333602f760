from uuid import uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.platform.database.pool import Database
from shared.store.eventstore.appending import append
from tests.eventstore.making import made, seen, settled
from tests.fixtures.waiting import eventually


class Writer:
    """One session that appends and ends its transactions one after the other.

    :param plan: for each transaction how many events it appends, and whether it is committed.
    """

    def __init__(self, database: Database, plan: list[tuple[int, bool]]) -> None:
        self.session = database.connect(autocommit=False)
        self.plan = list(plan)
        self.held: list[int] = []

    def step(self) -> list[int]:
        """The next thing to do: append, or end what is open. Returns what was committed by it."""
        if not self.held:
            if self.plan:
                self.held = append(self.session.cursor(), made(uuid4(), 1, self.plan[0][0]))
            return []
        (_, keep), ended = self.plan.pop(0), self.held
        self.held = []
        if keep:
            self.session.commit()
            return ended
        self.session.rollback()
        return []


PLANS = st.lists(st.tuples(st.integers(min_value=1, max_value=3), st.booleans()), min_size=1, max_size=3)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plans=st.lists(PLANS, min_size=1, max_size=4), turns=st.lists(st.integers(0, 3), min_size=5, max_size=30))
def test_any_interleaving(database: Database, plans: list[list[tuple[int, bool]]], turns: list[int]) -> None:
    """However transactions overlap, a poll never shows a position while a lower one may still come, nor misses any."""
    start = _end_of_the_log(database)
    writers = [Writer(database, plan) for plan in plans]
    committed: list[int] = []
    polled: list[int] = []

    def poll() -> int:
        polled.extend(seen(database, polled[-1] if polled else start))
        return len(polled)

    for turn in turns:
        committed += writers[turn % len(writers)].step()
        poll()
        lowest_open = min((writer.held[0] for writer in writers if writer.held), default=2**62)
        allowed = [position for position in sorted(committed) if position < lowest_open]
        # Others in the same server may hold a reader back for a moment: then it has seen a part of what it may see.
        assert allowed[: len(polled)] == polled
    for writer in writers:
        committed += writer.step() if writer.held else []
        writer.session.close()

    eventually(lambda: poll() >= len(committed))
    assert sorted(committed) == polled


def _end_of_the_log(database: Database) -> int:
    """The last position, once readers see it: earlier examples wrote to the same log."""
    with database.autocommit() as cursor:
        cursor.execute("SELECT coalesce(max(position), 0) FROM eventstore.events")
        ((last,),) = cursor.fetchall()
    return eventually(lambda: [last] if settled(database) == last else [], what="that readers see all")[0]
