"""What a draft of a procedure or of a calendar would have changed of the last months, beside what checking it finds."""

import re
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from shared.application.calendar_drafts import as_records
from shared.application.letter_words import texts_counting
from shared.application.reading_rights import check_administrator
from shared.application.runtime import Runtime
from shared.base.caller import Caller
from shared.base.errors import Invalid
from shared.domain.calendar.errors import NoOpenTime
from shared.domain.calendar.records import Decreed
from shared.domain.sop.checking.check import check_tenant
from shared.domain.sop.checking.finding import Finding
from shared.domain.tenants import Tenant
from shared.domain.whatif.comparing import Comparison, usual_seconds
from shared.domain.whatif.course import Course, course_of
from shared.domain.whatif.drafts import laid_in, read
from shared.domain.whatif.replay import DraftOnTrial
from shared.wording.yaml_lines import FileError

SERVICE: Final = "reporting"
MOST: Final = 5000
MOST_MONTHS: Final = 24
_AT_ONCE: Final = 200
_FOLDER: Final = re.compile(r"/\S*aduan-draft-[^/\s]+/[^/\s]+/")
_TRIED: Final = "kelola-0"
_MONTH: Final = timedelta(days=30.5)
_FILED: Final = """
    SELECT dossier FROM reporting.cases WHERE tenant = %s AND filed_at >= %s ORDER BY filed_at DESC, dossier LIMIT %s
"""


def what_if(
    runtime: Runtime,
    caller: Caller,
    tenant_id: str,
    *,
    sop: str | None,
    calendar: str | None,
    months: int,
    most: int,
    decree: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Replay the last months under a draft.

    :param sop: the draft's ``sop.yaml``; none for the present one.
    :param calendar: its ``calendar.yaml``; likewise.
    :param decree: the draft of one that is to count beside the calendar: its ``section`` and ``record``.
    :param months: how far back, at most :data:`MOST_MONTHS`.
    :param most: complaints, the latest first, at most :data:`MOST`.
    :returns: the figures of both; ``findings`` of the check; ``broken`` instead of figures if the draft cannot be read.
    :raises Forbidden: for who is no administrator.
    :raises Invalid: if the calendar has no working time.
    """
    check_administrator(caller)
    tenant = runtime.tenants.get(tenant_id)
    now = runtime.clock.now()
    since = now - _MONTH * max(1, min(months, MOST_MONTHS))
    told: dict[str, Any] = {"tenant": tenant.id, "since": tenant.local(since), "until": tenant.local(now)}
    try:
        with laid_in(tenant, sop, calendar) as folder:
            findings = [_finding(each) for each in check_tenant(folder, texts_counting(runtime.database, tenant.id))]
            draft = read(folder, _decreed(tenant, decree, now))
    except FileError as error:
        return {**told, "findings": [], "broken": _without_folder(str(error))}
    courses = _courses(runtime, tenant, since, max(1, min(most, MOST)))
    try:
        comparison = Comparison(_draft(tenant, draft, courses))
        for course in courses:
            comparison.count(course)
            time.sleep(0)  # whoever waits for the processor comes first
    except NoOpenTime:
        raise Invalid("invalid_fields", fields={"calendar": ["no_open_time"]}) from None
    version = {"version": draft.sop.version, "steps": len(draft.sop.steps)}
    return {**told, **_named(comparison.to_dict(), tenant, draft), "draft": version, "findings": findings}


def _decreed(tenant: Tenant, decree: dict[str, Any] | None, now: datetime) -> Decreed:
    """What counts beside the draft's files: what was decreed in the browser, and the decree that is tried."""
    more = tenant.decreed(tenant.id)
    if decree is not None:
        more = (*more, as_records(decree["section"], decree["record"], _TRIED, now.replace(microsecond=0)))
    return lambda _tenant: more


def _draft(tenant: Tenant, draft: Tenant, courses: list[Course]) -> DraftOnTrial:
    return DraftOnTrial(draft.sop, tenant.calendar, draft.calendar, usual_seconds(tenant.calendar, courses))


def _courses(runtime: Runtime, tenant: Tenant, since: Any, most: int) -> list[Course]:
    with runtime.database.autocommit() as cursor:
        cursor.execute(_FILED, (tenant.id, since, most))
        dossiers = [row[0] for row in cursor.fetchall()]
    found = []
    for start in range(0, len(dossiers), _AT_ONCE):
        histories = runtime.dossiers(SERVICE).open_all(dossiers[start : start + _AT_ONCE])
        found += [course for history in histories.values() if (course := course_of(history)) is not None]
        time.sleep(0)
    return found


def _named(figures: dict[str, Any], tenant: Tenant, draft: Tenant) -> dict[str, Any]:
    """Roles and offices by their names."""
    for row in figures["desks"]:
        sop = draft.sop if draft.sop.has_actor(row["actor"]) else tenant.sop
        row["title"] = sop.actor(row["actor"]).title if sop.has_actor(row["actor"]) else row["actor"]
        row["agency_name"] = tenant.agency_name(row["agency"])
    return figures


def _finding(found: Finding) -> dict[str, Any]:
    return {
        "severity": found.severity,
        "code": found.code,
        "message": _without_folder(found.message),
        "remedy": _without_folder(found.remedy),
        "file": Path(found.file).name,
        "line": found.line,
    }


def _without_folder(text: str) -> str:
    return _FOLDER.sub("", text)
