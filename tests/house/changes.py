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
    Change(
        "an agency's officer without an agency reads all of the government",
        "shared/application/reading_rights.py",
        '    if not caller.agency:\n        raise Forbidden("wrong_agency")\n',
        "",
        "tests/reading/test_rights.py::test_whoever_has_no_part_is_refused_at_every_door",
    ),
    Change(
        "an agency that helps may not read what it helps with",
        "shared/application/reading_rights.py",
        " and own not in helping",
        "",
        "tests/privacy/test_who_may.py::test_who_helps_reads_what_they_help_with",
    ),
    Change(
        "every agency reads what lies with the government's own desk",
        "shared/application/reading_rights.py",
        "own is not None and own != agency",
        "own is not None and agency is not None and own != agency",
        "tests/reading/test_rights.py::test_a_dossier_opens_to_who_may_list_it",
    ),
    Change(
        "a dossier opens in another government's rooms",
        "shared/application/dossiers/repository.py",
        "if dossier is None or (tenant is not None and dossier.tenant != tenant):",
        "if dossier is None:",
        "tests/privacy/test_who_may.py::test_another_governments_dossier_is_not_there",
    ),
    Change(
        "an administrator reads titles in an inbox",
        "services/routing/queries.py",
        "after=after, limit=limit, titled=not caller.admin)\n    if agency",
        "after=after, limit=limit)\n    if agency",
        "tests/reading/test_rights.py::test_no_list_tells_an_administrator_what_was_written",
    ),
    Change(
        "who may not read a dossier learns on which version it is",
        "services/routing/commands.py",
        "    check_may_read(caller, tenant, dossier.sop_version, dossier.agency, helpers(events))\n    raise",
        "    raise",
        "tests/privacy/test_who_may.py::test_on_which_version_a_dossier_is_only_its_readers_learn",
    ),
    Change(
        "of two who decide on one version the second overwrites what the first did",
        "shared/domain/dossier/deciding.py",
        "event.actor != SYSTEM and",
        "False and",
        "tests/routing/test_moved_on.py::test_of_two_who_decide_on_one_version_one_is_heard",
    ),
    Change(
        "an agency finds a secret reporter by name",
        "services/reporting/search.py",
        "(%(everybody)s OR privacy = 'open') AND",
        "",
        "tests/reporting/test_finding_people.py::test_an_agency_finds_nobody_who_is_not_named_to_it",
    ),
    Change(
        "a register names a secret reporter to an agency",
        "services/reporting/register.py",
        "        if not named:\n",
        "        if named is None:\n",
        "tests/privacy/test_every_address.py::test_nobody_finds_at_any_address_what_is_not_theirs",
    ),
    Change(
        "what a reporter asks about their data is shown to agencies",
        "shared/domain/dossier/view.py",
        "data_requests(events, tenant, key, now) if known else []",
        "data_requests(events, tenant, key, now)",
        "tests/routing/test_data_requests.py::test_nobody_but_the_coordinator_answers",
    ),
    Change(
        "an agency hears of a twin that lies elsewhere",
        "services/reporting/meeting.py",
        "c.status <> ALL(%(ended)s::text[])\n           AND (%(own)s::text IS NULL OR c.agency = %(own)s)",
        "c.status <> ALL(%(ended)s::text[])",
        "tests/reporting/test_twins.py::test_an_agency_hears_of_no_twin_that_lies_elsewhere",
    ),
    Change(
        "what was hinted to a desk is hinted to an agency",
        "services/reporting/hints.py",
        "_KEPT.of((runtime.database, tenant.id, own), wanted)",
        "_KEPT.of((runtime.database, tenant.id, None), wanted)",
        "tests/reporting/test_twins.py::test_what_was_hinted_to_one_is_kept_for_nobody_else",
    ),
    Change(
        "another government's photo is told",
        "services/reporting/photos.py",
        " AND theirs.tenant = ours.tenant",
        "",
        "tests/reporting/test_photos.py::test_another_governments_photo_is_not_told",
    ),
    Change(
        "an agency fetches a receipt with its tracking code",
        "services/routing/files.py",
        'event.kind != "receipt" or _of_the_government(runtime, caller, dossier)',
        "True",
        "tests/documents/test_documents.py::test_a_receipt_hands_over_a_new_code",
    ),
    Change(
        "an office adds files to what is over",
        "services/routing/files.py",
        "if dossier.ended and caller.agency is not None:",
        "if dossier.ended and caller.admin:",
        "tests/privacy/test_who_may.py::test_an_office_adds_no_file_to_what_is_over",
    ),
    Change(
        "a number hands an officer the code of what another has filed",
        "services/intake/filing.py",
        "shown_to(receipts[uuid], each.user, each.actor)",
        "receipts[uuid]",
        "tests/intake/test_strangers.py::test_a_number_hands_an_officer_no_code_but_of_what_they_filed",
    ),
    Change(
        "two agencies' numbers are one",
        "services/intake/filing.py",
        'complaint["external_id"], submission.agency)',
        'complaint["external_id"])',
        "tests/intake/test_strangers.py::test_an_agencys_numbers_are_its_own",
    ),
    Change(
        "another officer's key is one's own",
        "shared/application/requests.py",
        '["key", tenant, *who, key]',
        '["key", tenant, key]',
        "tests/calling/test_repeating.py::test_another_officers_key_is_not_mine",
    ),
    Change(
        "a key used again for something else is taken for the same",
        "shared/application/requests.py",
        "if other.content != self.content:",
        "if not other.content:",
        "tests/calling/test_repeating.py::test_an_action_with_the_key_of_another_is_refused",
    ),
    Change(
        "a complaint is merged into another government's",
        "services/routing/grouping.py",
        "party = _party(runtime, UUID(str(named)), dossier.tenant)",
        "party = Party(*runtime.dossiers(SERVICE).open(UUID(str(named))))",
        "tests/routing/test_grouping.py::test_no_circles_and_no_strangers",
    ),
    Change(
        "after a reopening a unit is looked for in the former agency",
        "services/routing/naming.py",
        'fields.get("agency") or dossier.agency',
        'dossier.agency or fields.get("agency")',
        "tests/routing/test_choices.py::test_a_unit_is_one_of_the_agency_that_gets_the_complaint",
    ),
    Change(
        "a visit outlives its account's password",
        "shared/application/identity/sessions.py",
        " AND u.generation = s.generation",
        "",
        "tests/identity/test_sessions.py::test_what_changes_an_account_ends_its_visits",
    ),
    Change(
        "a token outlives its account's password",
        "shared/application/identity/users.py",
        "WHERE id = %s AND generation = %s AND NOT disabled",
        "WHERE id = %s AND generation <> -%s AND NOT disabled",
        "tests/identity/test_users.py::test_a_new_password_ends_old_sessions",
    ),
    Change(
        "a list of clocks does not wait for what its reader has written",
        "services/sla/service.py",
        'self.runtime, ["sla"], min_position,',
        'self.runtime, ["sla"], None,',
        "tests/reading/test_own_writes.py::test_a_list_waits_for_what_its_reader_has_written",
    ),
    Change(
        "what is sealed in one place opens in another",
        "shared/domain/sealing.py",
        "return self.dossier.bytes + context.encode()",
        "return self.dossier.bytes",
        "tests/vault/test_sealing.py::test_data_open_only_where_they_belong",
    ),
    Change(
        "a reporter reads the reason that colleagues gave each other for merging their complaint",
        "shared/domain/dossier/told_reasons.py",
        "    return event in _TOLD\n",
        "    return True\n",
        "tests/notify/test_privacy.py::test_a_reason_for_colleagues_is_in_no_letter_to_the_reporter",
    ),
)
