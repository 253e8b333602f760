"""Changes of a line or two that would let somebody read, tell or do what is not theirs, or tell a figure wrong.

Each names the test that fails when it is made. ``ARCHITECTURE.md`` tells seven that once went unnoticed; `make chaos`
makes them all, one after the other, in a copy of the project.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Change:
    """One of them.

    :param what: what would be so then, for people.
    :param file: where it is made.
    :param was: the text that is there now, once.
    :param becomes: what stands there instead.
    :param caught_by: the test that fails, as `pytest` is given it.
    """

    what: str
    file: str
    was: str
    becomes: str
    caught_by: str


CHANGES: Final = (
    Change(
        "an agency lists every agency's clocks",
        "services/sla/queries.py",
        "    agency = readable_agency(caller, tenant)\n",
        "    agency = readable_agency(caller, tenant) and None\n",
        "tests/reading/test_rights.py::test_an_agency_lists_no_other_agencys_clocks",
    ),
    Change(
        "the name of an anonymous or secret reporter is shown to agencies",
        "shared/domain/dossier/identity.py",
        'return not caller.admin and sop.has_actor(caller.actor) and sop.actor(caller.actor).scope == "tenant"',
        "return not caller.admin and sop.has_actor(caller.actor)",
        "tests/reading/test_inbox.py::test_who_is_told_the_reporter",
    ),
    Change(
        "any clock's breach marks the task breached",
        "services/routing/tasks.py",
        "case ClockBreached() if event.clock == clock:",
        "case ClockBreached():",
        "tests/reading/test_inbox.py::test_the_breach_of_the_case_is_not_the_tasks",
    ),
    Change(
        "an overdue task is not breached until its timer says so",
        "services/routing/task_page.py",
        'return "breached" if overdue and state != "paused" else state',
        "return state",
        "tests/reading/test_inbox.py::test_a_task_is_breached_by_the_clock_on_the_wall",
    ),
    Change(
        'of two equal submissions in a batch both say "created"',
        "services/intake/filing.py",
        "replace(receipt, created=False) if uuid in handed_out else receipt",
        "receipt",
        "tests/intake/test_doors.py::test_of_equal_submissions_in_a_batch_one_is_new",
    ),
    Change(
        "a tracking code in small letters is refused",
        "services/intake/reporter.py",
        "code_of(code).encode()",
        "code.encode()",
        "tests/intake/test_doors.py::test_a_reporter_is_let_in_however_ticket_and_code_are_spelled",
    ),
    Change(
        "means are rounded down",
        "shared/base/rounding.py",
        "return (2 * total + count) // (2 * count)",
        "return total // count",
        "tests/reporting/test_means.py::test_means_are_rounded_to_the_nearest_second",
    ),
)
